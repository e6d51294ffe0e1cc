<?php

namespace PeerPress\Page;

use const PeerPress\FILE;

/**
 * The plugin WP Consent API: by it the site's consent banner and the loader in the page understand each other. Where it
 * is not installed, this does nothing.
 */
final class ConsentApi
{
    /**
     * The category that stands for talking to other readers. None of the API's five is about that; this is the
     * strictest, so that nobody who agreed to less is taken at more.
     */
    public const CATEGORY = 'marketing';

    /** Registers the hooks. */
    public static function init(): void
    {
        // Says that this plugin asks the API, so that the site's owner is not warned of one that does not.
        add_filter('wp_consent_api_registered_' . plugin_basename(FILE), '__return_true');
    }
}
