<?php

namespace PeerPress\Admin;

/**
 * The notices of the settings page after an action, by the code in the page's address.
 */
final class Notices
{
    /**
     * Returns the notice of a code: [kind of WordPress notice, text]; null for an unknown code.
     */
    public static function find(string $code): ?array
    {
        return self::all()[$code] ?? null;
    }

    private static function all(): array
    {
        return [
            'connected' => [
                'success',
                __('Connected. What you publish from now on is delivered with PeerPress.', 'peerpress'),
            ],
            'disconnected' => [
                'success',
                __('Disconnected. Pages no longer carry PeerPress, and the server revokes your posts.', 'peerpress'),
            ],
            'disconnected-here' => [
                'warning',
                __(
                    // phpcs:ignore Generic.Files.LineLength
                    'Disconnected here: pages no longer carry PeerPress. The server could not be told and still has copies of your posts’ media. To have them removed, connect again and disconnect when the server can be reached, or ask its operator to remove this site.',
                    'peerpress'
                ),
            ],
            'copy' => [
                'success',
                __('This copy has forgotten the connection. The original site is not affected.', 'peerpress'),
            ],
            'moved' => [
                'success',
                __('Connected at the new address. Your posts are on their way to the server.', 'peerpress'),
            ],
            'saved' => ['success', __('Saved. It holds for pages that are opened from now on.', 'peerpress')],
            'saved-unsent' => [
                'warning',
                // phpcs:ignore Generic.Files.LineLength
                __('Saved. The server did not take it yet, so readers who have an older page open go on as before. This site tries again by itself.', 'peerpress'),
            ],
            'bad-control' => ['error', __('Choose a whole number of per cent from 0 to 50.', 'peerpress')],
            'bad-mode' => ['error', __('Choose who helps your readers.', 'peerpress')],
            'queued' => ['success', __('Your posts are on their way to the server.', 'peerpress')],
            'sending' => ['success', __('What waits is sent now.', 'peerpress')],
            'bad-address' => ['error', __('This is not a server’s address. It starts with https://.', 'peerpress')],
            'no-consent-policy' => ['error', __('Choose what your readers are asked first.', 'peerpress')],
            'wrong-state' => [
                'error',
                __('This answer does not belong to a connection you began here. Nothing was changed.', 'peerpress'),
            ],
            'denied' => ['error', __('The server did not approve the connection.', 'peerpress')],
            'unreachable' => ['error', __('The server could not be reached from this site.', 'peerpress')],
            'no-server' => [
                'error',
                __('No PeerPress server answers at this address. Check the address and try again.', 'peerpress'),
            ],
            'unproven' => [
                'error',
                __('The server cannot fetch /?peerpress=challenge of this site. Check the firewall.', 'peerpress'),
            ],
            'not-owner' => [
                'error',
                __('The server knows this site already. One of its owners there must approve.', 'peerpress'),
            ],
            'refused' => ['error', __('The server refused the connection. Please connect again.', 'peerpress')],
            'not-peerpress' => ['error', __('The answer did not come from a PeerPress server.', 'peerpress')],
        ];
    }
}
