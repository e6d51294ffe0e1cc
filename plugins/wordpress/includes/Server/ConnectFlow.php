<?php

namespace PeerPress\Server;

use PeerPress\Admin\Settings;
use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Outbox;
use PeerPress\Page\Assistance;
use PeerPress\Page\PageCaches;
use PeerPress\Posts\Backfill;

use const PeerPress\VERSION;

/**
 * Connecting: the owner is sent to the server with a challenge (PKCE, RFC 7636) and comes back with a code, which only
 * the one who knows the challenge's verifier can turn into the site's keys.
 */
final class ConnectFlow
{
    /** Names of the forms' actions. */
    public const CONNECT = 'peerpress_connect';
    public const DISCONNECT = 'peerpress_disconnect';

    private const TRANSIENT = 'peerpress_connect_';
    private const LIFETIME = 15 * MINUTE_IN_SECONDS;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_post_' . self::CONNECT, [self::class, 'begin']);
        add_action('admin_post_' . self::DISCONNECT, [self::class, 'disconnect']);
        add_action('load-' . Settings::SCREEN, [self::class, 'finish']);
    }

    /** The button "Connect" was pressed: remembers what the answer must match and sends the owner to the server. */
    public static function begin(): void
    {
        Settings::authorize(self::CONNECT);
        $server = ServerAddress::parse(sanitize_text_field(wp_unslash($_POST['server'] ?? '')));
        $consent = sanitize_key($_POST['consent'] ?? '');
        if (null === $server) {
            Settings::redirect('bad-address');
        }
        if (! in_array($consent, Connection::POLICIES, true)) {
            Settings::redirect('no-consent-policy');
        }
        self::ask($server, $consent);
    }

    /**
     * Sends the owner to the server and ends the request.
     *
     * @param Connection|null $moved The connection of this site at its former address, when it moved.
     */
    public static function ask(string $server, string $consent, ?Connection $moved = null): void
    {
        $state = self::token();
        $verifier = self::token();
        $hasMoved = null !== $moved;
        set_transient(
            self::TRANSIENT . get_current_user_id(),
            compact('state', 'verifier', 'server', 'consent', 'hasMoved'),
            self::LIFETIME
        );
        $url = trailingslashit(ServerRequest::home());
        $challenge = self::base64url(hash('sha256', $verifier, true));
        $fields = compact('url', 'state', 'challenge', 'consent')
            + ['return' => Settings::url(), 'mode' => Assistance::mode()];
        if (null !== $moved) {
            $proof = Signature::of($moved->secret(), "move\n$challenge\n$url");
            $fields += ['site' => $moved->site, 'proof' => self::base64url($proof)];
        }
        wp_redirect("$server/connect?" . http_build_query($fields));
        exit;
    }

    /** The settings page is opened; when the owner comes back from the server, the code is redeemed. */
    public static function finish(): void
    {
        if (! isset($_GET['state']) || ! current_user_can(Settings::CAPABILITY)) {
            return;
        }
        $key = self::TRANSIENT . get_current_user_id();
        $begun = get_transient($key);
        $state = sanitize_text_field(wp_unslash($_GET['state']));
        if (! is_array($begun) || ! hash_equals($begun['state'], $state)) {
            Settings::redirect('wrong-state');
        }
        delete_transient($key);
        if (! isset($_GET['code'])) {
            Settings::redirect('denied');
        }
        $code = sanitize_text_field(wp_unslash($_GET['code']));
        Settings::redirect(self::redeem($begun, $code));
    }

    /** The button "Disconnect" was pressed. */
    public static function disconnect(): void
    {
        Settings::authorize(self::DISCONNECT);
        $isReported = self::reportEnd();
        self::endHere();
        Settings::redirect($isReported ? 'disconnected' : 'disconnected-here');
    }

    /**
     * Reports to the server that the connection ends, so that it revokes the posts. One attempt, because the secret is
     * removed with the connection.
     *
     * @return bool False when the server did not take it: it still has the posts then.
     */
    public static function reportEnd(): bool
    {
        $connection = Connection::current();
        if (null === $connection) {
            return true;
        }
        $answer = ServerRequest::post($connection, 'disconnect', []);
        $status = is_wp_error($answer) ? 0 : (int) wp_remote_retrieve_response_code($answer);
        // A server that does not know the site any more has nothing to revoke.
        return ($status >= 200 && $status < 300) || ('unknown-site' === Problem::code($answer));
    }

    /** Ends the connection on this side only. */
    public static function endHere(): void
    {
        Delivery::stop();
        Backfill::stop();
        Policy::forget();
        PageCaches::request();
        Connection::forget();
        Outbox::clear();
    }

    /** Drops what unfinished connections and receipts have stored for a while. */
    public static function forgetAll(): void
    {
        global $wpdb;
        $names = $wpdb->get_col($wpdb->prepare(
            "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s",
            $wpdb->esc_like('_transient_peerpress_') . '%'
        ));
        foreach ($names as $name) {
            delete_transient(substr($name, strlen('_transient_')));
        }
    }

    /** Gives the notice to show. */
    private static function redeem(array $begun, string $code): string
    {
        $answer = wp_remote_post($begun['server'] . '/v1/connect', [
            'timeout' => 15,
            'redirection' => 0,
            'limit_response_size' => ServerRequest::LARGEST_ANSWER,
            'user-agent' => 'PeerPress/' . VERSION,
            'headers' => ['content-type' => 'application/json'],
            'body' => wp_json_encode(['code' => $code, 'verifier' => $begun['verifier']]),
        ]);
        if (is_wp_error($answer)) {
            return 'unreachable';
        }
        if (200 !== (int) wp_remote_retrieve_response_code($answer)) {
            return 'refused';
        }
        $fields = json_decode(wp_remote_retrieve_body($answer), true);
        if (! Connection::accept($fields, $begun['consent'], $begun['server'])) {
            return 'not-peerpress';
        }
        Policy::connected($fields);
        if (empty($begun['hasMoved'])) {
            return 'connected';
        }
        // What was saved since the move was not recorded, and all addresses have changed.
        Backfill::all();
        return 'moved';
    }

    private static function token(): string
    {
        return self::base64url(random_bytes(32));
    }

    private static function base64url(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
