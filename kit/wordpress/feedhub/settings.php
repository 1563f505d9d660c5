<?php
/** The plugin's page among WordPress's settings. */

defined('ABSPATH') || exit;

add_action('admin_menu', fn() => add_options_page('FeedHub', 'FeedHub', 'manage_options', 'feedhub', 'feedhub_page'));
add_action('admin_init', fn() => register_setting('feedhub', 'feedhub_settings', ['sanitize_callback' => 'feedhub_sanitized']));

/** What was typed, as it may be kept. */
function feedhub_sanitized(mixed $typed): array
{
    $typed = is_array($typed) ? $typed : [];
    $url = esc_url_raw(trim((string) ($typed['url'] ?? '')), ['http', 'https']);
    if ($url === '') {
        add_settings_error('feedhub_settings', 'url', __('Write the address of the FeedHub, such as https://kabar.example.go.id', 'feedhub'));
    }
    return [
        'url' => untrailingslashit($url),
        'departments' => implode(',', array_filter(array_map('sanitize_title', explode(',', (string) ($typed['departments'] ?? ''))))),
        'status' => in_array($typed['status'] ?? '', ['draft', 'pending', 'publish'], true) ? $typed['status'] : 'draft',
        'author' => (int) ($typed['author'] ?? 1),
        'category' => (int) ($typed['category'] ?? 0),
        'history' => empty($typed['history']) ? 0 : 1,
    ];
}

function feedhub_page(): void
{
    $settings = feedhub_settings();
    $last = get_option('feedhub_last');
    ?>
    <div class="wrap">
    <h1>FeedHub</h1>
    <p><?php esc_html_e('Official posts of a city, with their corrections and withdrawals.', 'feedhub'); ?></p>
    <?php if ($last) : ?>
        <p><?php echo esc_html(sprintf(__('Last run: %1$s (%2$s)', 'feedhub'), wp_date('Y-m-d H:i:s', $last['at']), is_array($last['done']) ? wp_json_encode($last['done']) : $last['done'])); ?></p>
    <?php endif; ?>
    <form method="post" action="options.php">
    <?php settings_fields('feedhub'); ?>
    <table class="form-table" role="presentation">
    <tr><th><label for="fh-url"><?php esc_html_e('Address', 'feedhub'); ?></label></th>
    <td><input id="fh-url" class="regular-text" type="url" required name="feedhub_settings[url]" value="<?php echo esc_attr($settings['url']); ?>"></td></tr>
    <tr><th><label for="fh-departments"><?php esc_html_e('Departments', 'feedhub'); ?></label></th>
    <td><input id="fh-departments" class="regular-text" name="feedhub_settings[departments]" value="<?php echo esc_attr($settings['departments']); ?>">
    <p class="description"><?php esc_html_e('Their short names, comma-separated; empty = all.', 'feedhub'); ?></p></td></tr>
    <tr><th><label for="fh-status"><?php esc_html_e('New posts are', 'feedhub'); ?></label></th>
    <td><select id="fh-status" name="feedhub_settings[status]">
    <?php foreach (['draft' => __('Drafts', 'feedhub'), 'pending' => __('Pending review', 'feedhub'), 'publish' => __('Published at once', 'feedhub')] as $value => $label) : ?>
        <option value="<?php echo esc_attr($value); ?>" <?php selected($settings['status'], $value); ?>><?php echo esc_html($label); ?></option>
    <?php endforeach; ?>
    </select></td></tr>
    <tr><th><label for="fh-author"><?php esc_html_e('Author', 'feedhub'); ?></label></th>
    <td><?php wp_dropdown_users(['name' => 'feedhub_settings[author]', 'id' => 'fh-author', 'selected' => $settings['author']]); ?></td></tr>
    <tr><th><label for="fh-category"><?php esc_html_e('Category', 'feedhub'); ?></label></th>
    <td><?php wp_dropdown_categories(['name' => 'feedhub_settings[category]', 'id' => 'fh-category', 'selected' => $settings['category'], 'hide_empty' => 0, 'show_option_none' => '—', 'option_none_value' => 0]); ?></td></tr>
    <tr><th><?php esc_html_e('History', 'feedhub'); ?></th>
    <td><label><input type="checkbox" name="feedhub_settings[history]" value="1" <?php checked($settings['history'], 1); ?>> <?php esc_html_e('Also import what was there before the first run', 'feedhub'); ?></label></td></tr>
    </table>
    <?php submit_button(); ?>
    </form>
    </div>
    <?php
}
