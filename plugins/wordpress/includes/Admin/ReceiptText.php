<?php

namespace PeerPress\Admin;

use PeerPress\Posts\PostSwitch;
use PeerPress\Posts\Visibility;
use WP_Post;

/**
 * A post's receipt in words.
 */
final class ReceiptText
{
    /** Media that are named one by one. */
    private const NAMED = 20;
    /** Characters of a text that comes from the server. */
    private const LONGEST = 500;
    /** Seconds in which the server usually publishes what it received. */
    private const PUBLISHING = 2 * MINUTE_IN_SECONDS;

    /**
     * The receipt's text, its details, and whether trying again makes sense.
     *
     * @param object|null $event   The post's last event in the outbox.
     * @param array|null  $receipt What the server says; null when it could not be reached.
     * @return array{state: string, text: string, details: string[], retry: bool, off: bool}
     */
    public static function of(WP_Post $post, ?object $event, ?array $receipt): array
    {
        $isPublic = Visibility::isPublic($post);
        [$state, $text] = self::unsent($event)
            ?? self::underWay($event, $receipt, $isPublic)
            ?? self::received($receipt, $isPublic);
        return [
            'state' => $state,
            'text' => $text,
            'details' => self::leftOut($receipt),
            'retry' => $isPublic && in_array($state, ['failed', 'none'], true),
            'off' => PostSwitch::isOff($post),
        ];
    }

    private static function unsent(?object $event): ?array
    {
        if (null === $event || null !== $event->delivered_at) {
            return null;
        }
        if (null === $event->last_error) {
            return ['waiting', __('Waiting to be sent', 'peerpress')];
        }
        $text = null === $event->next_attempt_at
            /* translators: %s: an error. */
            ? __('Not sent: %s', 'peerpress')
            /* translators: %s: an error. */
            : __('Not sent yet: %s', 'peerpress');
        return ['failed', sprintf($text, $event->last_error)];
    }

    /** The server has the event, but has not looked at the post since. */
    private static function underWay(?object $event, ?array $receipt, bool $isPublic): ?array
    {
        if (null === $event || null === $receipt || ! $isPublic) {
            return null;
        }
        $isLookedAt = strtotime(self::text($receipt, 'at')) >= strtotime($event->created_at . ' UTC');
        return ! $isLookedAt && time() - strtotime($event->delivered_at . ' UTC') < self::PUBLISHING
            ? ['waiting', __('Sent. The server reads the post.', 'peerpress')]
            : null;
    }

    private static function received(?array $receipt, bool $isPublic): array
    {
        if (null === $receipt) {
            return ['unknown', __('The server could not be reached.', 'peerpress')];
        }
        $result = self::text($receipt, 'result');
        if ('failed' === $result) {
            return ['failed', self::failure($receipt)];
        }
        $texts = [
            'published' => ['published', self::publication($receipt)],
            'unchanged' => ['published', self::publication($receipt)],
            'revoked' => ['revoked', __('Not delivered: the post was taken back.', 'peerpress')],
            'absent' => ['none', __('The server did not find the post’s public page.', 'peerpress')],
        ];
        $unknown = $isPublic ? __('Not published yet', 'peerpress') : __('Not public', 'peerpress');
        return $texts[$result] ?? ['none', $unknown];
    }

    private static function failure(array $receipt): string
    {
        /* translators: 1: an error, 2: its code. */
        $text = __('Failed: %1$s (%2$s)', 'peerpress');
        $failure = sprintf($text, self::text($receipt, 'message'), self::text($receipt, 'code'));
        /* translators: %s: such as "version 3, 2 media files". */
        $before = __('Readers have: %s', 'peerpress');
        return isset($receipt['version'])
            ? $failure . '. ' . sprintf($before, self::publication($receipt))
            : $failure;
    }

    private static function publication(array $receipt): string
    {
        /* translators: %s: a number. */
        $version = sprintf(__('Version %s', 'peerpress'), number_format_i18n((int) ($receipt['version'] ?? 0)));
        if (! isset($receipt['assets'])) {
            return $version;
        }
        $assets = (int) $receipt['assets'];
        /* translators: %s: how many pictures, videos and downloads. */
        $text = _n('%s media file', '%s media files', $assets, 'peerpress');
        return $version . ', ' . sprintf($text, number_format_i18n($assets));
    }

    /** @return string[] */
    private static function leftOut(?array $receipt): array
    {
        $list = is_array($receipt['leftOut'] ?? null) ? array_filter($receipt['leftOut'], 'is_array') : [];
        return array_map(static function (array $one): string {
            $reason = self::reason(self::text($one, 'reason'));
            $url = self::text($one, 'url');
            $count = max(1, (int) ($one['count'] ?? 1));
            /* translators: 1: an address, or a number of files; 2: why they come from this site only. */
            $text = __('%1$s comes from this site only: %2$s', 'peerpress');
            /* translators: %s: a number. */
            $files = sprintf(_n('%s file', '%s files', $count, 'peerpress'), number_format_i18n($count));
            return sprintf($text, '' === $url ? $files : $url, $reason);
        }, array_slice(array_values($list), 0, self::NAMED));
    }

    private static function reason(string $code): string
    {
        $reasons = [
            'gone' => __('the file was not found', 'peerpress'),
            'type' => __('not a kind of file that readers share', 'peerpress'),
            'empty' => __('the file is empty', 'peerpress'),
            'too-large' => __('too large', 'peerpress'),
            'foreign-url' => __('on an address that is not registered for the site', 'peerpress'),
            'failing' => __('it could not be fetched', 'peerpress'),
            'no-store' => __('its host forbids storing it (Cache-Control: no-store)', 'peerpress'),
            'private' => __('its host says that it is private (Cache-Control: private)', 'peerpress'),
            'set-cookie' => __('its host sets a cookie with it', 'peerpress'),
            'vary' => __('its host sends different readers different files (Vary)', 'peerpress'),
            'no-cors' => __('its host does not let the page read it (CORS)', 'peerpress'),
            'other-origin-file' => __('a file to save on another host than the page', 'peerpress'),
            'status' => __('its host answered with no file', 'peerpress'),
            'too-many-redirects' => __('too many redirects', 'peerpress'),
            'bad-encoding' => __('its Content-Encoding does not fit its bytes', 'peerpress'),
            'disposition' => __('its Content-Disposition is too long or has control characters', 'peerpress'),
            'too-many' => __('the page has more files than a post may share', 'peerpress'),
            'page-too-long' => __('the rest of the page was not read: it is too long', 'peerpress'),
        ];
        return $reasons[$code] ?? $code;
    }

    private static function text(array $fields, string $name): string
    {
        return is_string($fields[$name] ?? null) ? mb_substr($fields[$name], 0, self::LONGEST) : '';
    }
}
