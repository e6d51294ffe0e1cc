<?php

namespace PeerPress\Page;

use const PeerPress\FILE;

/**
 * Registers with the plugin WP Consent API, through which the site's consent banner informs the loader in the page. It
 * does nothing if that plugin is not installed.
 */
final class ConsentApi
{
    /**
     * The category that permits connections to other readers. None of the API's five categories is about that. This is
     * the strictest one, so that no narrower consent counts as this one.
     */
    public const CATEGORY = 'marketing';

    /** Registers the hooks. */
    public static function init(): void
    {
        // Declares that this plugin uses the API. The API warns the owner of plugins that do not.
        add_filter('wp_consent_api_registered_' . plugin_basename(FILE), '__return_true');
    }
}
