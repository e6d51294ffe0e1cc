import type { WordPress } from '@peerpress/testbed'

/** Installs and activates a plugin's zip by the code that runs when an administrator uploads it. */
export async function installZip(wordpress: Pick<WordPress, 'php'>, file: string): Promise<void> {
  await wordpress.php(
    `
    require_once ABSPATH . 'wp-admin/includes/admin.php';
    require_once ABSPATH . 'wp-admin/includes/class-wp-upgrader.php';
    $upgrader = new Plugin_Upgrader(new Automatic_Upgrader_Skin());
    $installed = $upgrader->install($input);
    if (true !== $installed) {
        throw new RuntimeException(implode(' ', $upgrader->skin->get_upgrade_messages()));
    }
    $error = activate_plugin($upgrader->plugin_info());
    if (is_wp_error($error)) { throw new RuntimeException($error->get_error_message()); }
    `,
    file,
  )
}
