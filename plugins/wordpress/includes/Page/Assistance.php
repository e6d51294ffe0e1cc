<?php

namespace PeerPress\Page;

use PeerPress\Admin\Settings;
use PeerPress\Server\Connection;
use PeerPress\Server\PartVersions;
use PeerPress\Server\Policy;

/**
 * The owner's choices about delivery: the mode, the consent policy, and the share of views that stay on the origin for
 * comparison.
 */
final class Assistance
{
    /** Name of the form's action. */
    public const ACTION = 'peerpress_assistance';
    /** Readers' browsers help each other. */
    public const FULL = 'full';
    /** Only the site's seeds help readers, so that no reader's browser gets another reader's address. */
    public const SEEDS_ONLY = 'seeds-only';
    /** Views are only measured. */
    public const OFF = 'off';

    private const OPTION = 'peerpress_assistance';
    private const MODES = [self::FULL, self::SEEDS_ONLY, self::OFF];
    private const DEFAULTS = ['mode' => self::FULL, 'control' => 5];

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_post_' . self::ACTION, [self::class, 'onSubmit']);
    }

    /** Returns FULL, SEEDS_ONLY or OFF. */
    public static function mode(): string
    {
        return self::choices()['mode'];
    }

    /** Returns the percentage of views that stay on the origin for comparison: 0 to 50. */
    public static function control(): int
    {
        return self::choices()['control'];
    }

    /** Handles the button "Save". */
    public static function onSubmit(): void
    {
        Settings::authorize(self::ACTION);
        $control = filter_var(wp_unslash($_POST['control'] ?? ''), FILTER_VALIDATE_INT, [
            'options' => ['min_range' => 0, 'max_range' => 50],
        ]);
        if (false === $control) {
            Settings::redirect('bad-control');
        }
        $mode = sanitize_key($_POST['mode'] ?? '');
        if (! in_array($mode, self::MODES, true)) {
            Settings::redirect('bad-mode');
        }
        $connection = Connection::current();
        $consent = isset($_POST['consent']) ? sanitize_key($_POST['consent']) : ($connection->consent ?? null);
        if (null !== $connection && ! in_array($consent, Connection::POLICIES, true)) {
            Settings::redirect('no-consent-policy');
        }
        if (null !== $connection && $consent !== $connection->consent) {
            $connection->choose($consent);
        }
        PartVersions::onSubmit();
        update_option(self::OPTION, ['mode' => $mode, 'control' => $control], true);
        Policy::changed();
        Settings::redirect(Policy::isTaken() ? 'saved' : 'saved-unsent');
    }

    /** Deletes the owner's choices. */
    public static function forget(): void
    {
        delete_option(self::OPTION);
    }

    /** Returns whether the stored choices are damaged. The mode is OFF then, because the owner may have chosen it. */
    public static function isDamaged(): bool
    {
        $stored = get_option(self::OPTION, []);
        if (! is_array($stored)) {
            return true;
        }
        ['mode' => $mode, 'control' => $control] = $stored + self::DEFAULTS;
        return ! in_array($mode, self::MODES, true) || ! is_int($control) || $control < 0 || $control > 50;
    }

    private static function choices(): array
    {
        return self::isDamaged()
            ? ['mode' => self::OFF] + self::DEFAULTS
            : get_option(self::OPTION, []) + self::DEFAULTS;
    }
}
