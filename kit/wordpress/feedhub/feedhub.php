<?php
/**
 * Plugin Name: FeedHub
 * Description: Imports a city's official posts from FeedHub and follows their corrections and withdrawals.
 * Version: 1.0.0
 * Requires at least: 6.0
 * Requires PHP: 8.0
 * License: EUPL-1.2
 * Text Domain: feedhub
 *
 * It reads /api/v1/changes from the number where it stopped, so it misses nothing and doubles
 * nothing, however long WordPress slept. What an editor changed by hand is not overwritten.
 */

defined('ABSPATH') || exit;

const FEEDHUB_EVENT = 'feedhub_follow';
const FEEDHUB_LOCK = 'feedhub_lock';
const FEEDHUB_LOCK_SECONDS = 300;
const FEEDHUB_PAGE = 100;      // changes in one answer
const FEEDHUB_MOST_PAGES = 20; // in one run; the next one goes on
const FEEDHUB_DEFAULTS = [
    'url' => '',
    'departments' => '',
    'status' => 'draft',
    'author' => 1,
    'category' => 0,
    'history' => 0, // 1 = also what was there before the first run
];

add_filter('cron_schedules', function (array $schedules): array {
    $schedules['feedhub'] = ['interval' => 60, 'display' => __('Every minute', 'feedhub')];
    return $schedules;
});
add_action(FEEDHUB_EVENT, 'feedhub_follow');
register_activation_hook(__FILE__, function (): void {
    wp_next_scheduled(FEEDHUB_EVENT) || wp_schedule_event(time(), 'feedhub', FEEDHUB_EVENT);
});
register_deactivation_hook(__FILE__, fn() => wp_clear_scheduled_hook(FEEDHUB_EVENT));

/** The settings, complete. */
function feedhub_settings(): array
{
    return array_merge(FEEDHUB_DEFAULTS, (array) get_option('feedhub_settings', []));
}

/** Read what changed since the last run. Returns what was done, or a WP_Error; the number moves with every change kept. */
function feedhub_follow(): array|WP_Error
{
    if (!feedhub_settings()['url']) {
        return new WP_Error('feedhub_unset', __('Say in the settings which FeedHub to follow.', 'feedhub'));
    }
    if (!feedhub_lock()) {
        return new WP_Error('feedhub_busy', __('Another run is under way.', 'feedhub'));
    }
    try {
        $done = feedhub_read_pages();
        update_option('feedhub_last', ['at' => time(), 'done' => is_wp_error($done) ? $done->get_error_message() : $done], false);
        return $done;
    } finally {
        delete_option(FEEDHUB_LOCK);
    }
}

/** Take the lock: add_option is atomic; one left behind by a run that died is taken over. */
function feedhub_lock(): bool
{
    if (add_option(FEEDHUB_LOCK, (string) time(), '', 'no')) {
        return true;
    }
    global $wpdb;
    $old = (string) (time() - FEEDHUB_LOCK_SECONDS);
    return (bool) $wpdb->query($wpdb->prepare(
        "UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s AND option_value < %s",
        (string) time(),
        FEEDHUB_LOCK,
        $old
    ));
}

function feedhub_read_pages(): array|WP_Error
{
    $done = ['created' => 0, 'updated' => 0, 'withdrawn' => 0, 'kept' => 0];
    $begun = feedhub_begin();
    if (is_wp_error($begun)) {
        return $begun;
    }
    for ($page = 0; $page < FEEDHUB_MOST_PAGES; $page++) {
        $after = (int) get_option('feedhub_after', 0);
        $answer = feedhub_ask($after);
        if (is_wp_error($answer)) {
            return $answer;
        }
        foreach ($answer['changes'] as $change) {
            $what = feedhub_keep($change);
            if (is_wp_error($what)) {
                return $what; // the number stays before it, so the next run tries again
            }
            $done[$what]++;
            update_option('feedhub_after', (int) $change['change'], false);
        }
        parse_str((string) wp_parse_url($answer['next'], PHP_URL_QUERY), $next);
        if ((int) ($next['after'] ?? $after) <= $after) {
            break;
        }
        update_option('feedhub_after', (int) $next['after'], false);
    }
    return $done;
}

/** Where the first run begins: at what is new from now on, unless the history is wanted. */
function feedhub_begin(): bool|WP_Error
{
    if (get_option('feedhub_after', null) !== null) {
        return true;
    }
    $answer = feedhub_settings()['history'] ? ['latest' => 0] : feedhub_ask(0, 1);
    if (is_wp_error($answer)) {
        return $answer;
    }
    update_option('feedhub_after', (int) $answer['latest'], false);
    return true;
}

/** One answer of the change feed, checked for its shape. */
function feedhub_ask(int $after, int $limit = FEEDHUB_PAGE): array|WP_Error
{
    $settings = feedhub_settings();
    $asked = array_filter(['after' => (string) $after, 'limit' => (string) $limit, 'department' => $settings['departments']], 'strlen');
    $url = untrailingslashit($settings['url']) . '/api/v1/changes?' . http_build_query($asked);
    $said = wp_remote_get($url, ['timeout' => 20, 'headers' => ['Accept' => 'application/json']]);
    if (is_wp_error($said)) {
        return $said;
    }
    $status = wp_remote_retrieve_response_code($said);
    if ($status === 410) { // the FeedHub was set up anew: begin again, what is known stays known
        update_option('feedhub_after', 0, false);
    }
    $answer = json_decode(wp_remote_retrieve_body($said), true);
    if ($status !== 200 || !is_array($answer['changes'] ?? null) || !is_string($answer['next'] ?? null)) {
        return new WP_Error('feedhub_answer', sprintf(__('FeedHub answered %d; the next run tries again.', 'feedhub'), $status));
    }
    return $answer;
}

/** Keep one change: created, updated, withdrawn, or kept (nothing to do). */
function feedhub_keep(array $change): string|WP_Error
{
    $known = feedhub_post($change['id']);
    if ($known && (int) get_post_meta($known->ID, '_feedhub_change', true) >= (int) $change['change']) {
        return 'kept';
    }
    if ($change['state'] === 'deleted') {
        return $known ? feedhub_withdraw($known, $change) : 'kept';
    }
    if (!$known && !empty($change['backfill']) && !feedhub_settings()['history']) {
        return 'kept'; // found late: no news, and nobody should be told of it as such
    }
    return feedhub_write($known, $change);
}

/** The WordPress post that a FeedHub post became, whatever its status. */
function feedhub_post(string $id): ?WP_Post
{
    $found = get_posts([
        'post_type' => 'post',
        'post_status' => ['publish', 'draft', 'pending', 'private', 'future', 'trash'],
        'meta_key' => '_feedhub_id',
        'meta_value' => $id,
        'numberposts' => 1,
        'suppress_filters' => false,
    ]);
    return $found[0] ?? null;
}

function feedhub_write(?WP_Post $known, array $change): string|WP_Error
{
    $settings = feedhub_settings();
    $post = $change['post'];
    // A title is text; WordPress takes it for HTML, and with some rights for HTML of any kind.
    $fields = ['post_title' => esc_html($post['title']), 'post_content' => feedhub_content($change)];
    if ($known && feedhub_is_edited($known)) {
        $fields = feedhub_beside_editors($known, $change); // their words stay; the notice stands before them
    }
    $wanted = $known ? ['ID' => $known->ID] : [
        'post_status' => $settings['status'],
        'post_author' => (int) $settings['author'],
        'post_category' => array_filter([(int) $settings['category']]),
        'post_date_gmt' => gmdate('Y-m-d H:i:s', strtotime($post['published_at'])),
        'post_date' => get_date_from_gmt(gmdate('Y-m-d H:i:s', strtotime($post['published_at']))),
        'meta_input' => ['_feedhub_id' => $change['id']],
    ];
    if ($known && get_post_meta($known->ID, '_feedhub_withdrawn', true)) {
        $wanted['post_status'] = $settings['status']; // reinstated by the city
    }
    return feedhub_saved($wanted + $fields, $change, $known ? 'updated' : 'created');
}

/** Replace a withdrawn post's words by the notice; what its platform alone removed goes to the trash. */
function feedhub_withdraw(WP_Post $known, array $change): string|WP_Error
{
    $reason = $change['notice']['reason'] ?? '';
    $notice = '<p><strong>' . esc_html__('Withdrawn by the city.', 'feedhub') . '</strong> ' . esc_html($reason) . '</p>';
    $wanted = [
        'ID' => $known->ID,
        'post_title' => __('Withdrawn', 'feedhub'),
        'post_name' => 'feedhub-' . sanitize_title($change['id']), // the old address held words of the title; it still leads here
        'post_content' => $notice,
        'post_excerpt' => '',
        'post_status' => $reason === '' ? 'trash' : $known->post_status,
    ];
    $saved = feedhub_saved($wanted, $change, 'withdrawn');
    is_wp_error($saved) || update_post_meta($known->ID, '_feedhub_withdrawn', 1);
    foreach (is_wp_error($saved) ? [] : wp_get_post_revisions($known->ID) as $revision) {
        wp_delete_post_revision($revision); // its words stand in no older version either
    }
    return $saved;
}

function feedhub_saved(array $wanted, array $change, string $what): string|WP_Error
{
    $id = wp_insert_post(wp_slash($wanted), true);
    if (is_wp_error($id)) {
        return $id;
    }
    $what === 'withdrawn' || delete_post_meta($id, '_feedhub_withdrawn');
    update_post_meta($id, '_feedhub_change', (int) $change['change']);
    update_post_meta($id, '_feedhub_version', (int) $change['version']);
    update_post_meta($id, '_feedhub_source', esc_url_raw($change['post']['source_url'] ?? ''));
    update_post_meta($id, '_feedhub_written', md5((string) get_post($id)->post_content));
    return $what;
}

/** Whether an editor changed the words since we wrote them. */
function feedhub_is_edited(WP_Post $known): bool
{
    $written = get_post_meta($known->ID, '_feedhub_written', true);
    return $written !== '' && $written !== md5($known->post_content) && !get_post_meta($known->ID, '_feedhub_withdrawn', true);
}

function feedhub_beside_editors(WP_Post $known, array $change): array
{
    $bare = preg_replace('#^<p class="feedhub-notice">.*?</p>\s*#s', '', $known->post_content);
    return ['post_title' => $known->post_title, 'post_content' => feedhub_notice($change) . $bare];
}

/** The words as WordPress may show them, the notice before and the source behind. */
function feedhub_content(array $change): string
{
    $post = $change['post'];
    $pictures = '';
    foreach ($post['media'] as $medium) {
        $shown = $medium['preview_url'] ?: $medium['url'];
        if ($medium['type'] === 'image' && $shown) {
            $pictures .= sprintf('<figure><img src="%s" alt="%s" loading="lazy"></figure>', esc_url($shown), esc_attr($medium['alt'] ?? ''));
        }
    }
    $source = sprintf(
        '<p class="feedhub-source"><a href="%s">%s</a></p>',
        esc_url($post['url']),
        esc_html($post['attribution'] ?? $post['department']['name'])
    );
    return feedhub_notice($change) . wp_kses_post($post['content_html']) . $pictures . $source;
}

function feedhub_notice(array $change): string
{
    $notice = $change['notice'] ?? null;
    if (!$notice) {
        return '';
    }
    return '<p class="feedhub-notice"><strong>' . esc_html__('Correction:', 'feedhub') . '</strong> ' . esc_html($notice['reason']) . "</p>\n";
}

if (is_admin()) {
    require __DIR__ . '/settings.php';
}
if (defined('WP_CLI') && WP_CLI) {
    WP_CLI::add_command('feedhub follow', function (): void {
        $done = feedhub_follow();
        is_wp_error($done) ? WP_CLI::error($done->get_error_message()) : WP_CLI::success(wp_json_encode($done));
    });
}
