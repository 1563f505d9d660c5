<?php
/** What the plugin kept about itself goes with it; the posts stay. */

defined('WP_UNINSTALL_PLUGIN') || exit;

foreach (['feedhub_settings', 'feedhub_after', 'feedhub_last', 'feedhub_lock'] as $name) {
    delete_option($name);
}
