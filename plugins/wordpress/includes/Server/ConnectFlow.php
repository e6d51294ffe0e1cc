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
 * Connects the site to a server, and disconnects it. The plugin redirects the owner to the server with a challenge
 * (PKCE, RFC 7636). The server redirects back with a code. Only a request with the challenge's verifier can redeem the
 * code for the site's keys.
 */
final class ConnectFlow
{
    /** Names of the forms' actions. */
    public const CONNECT = 'peerpress_connect';
    public const DISCONNECT = 'peerpress_disconnect';

    private const TRANSIENT = 'peerpress_connect_';
    private const LIFETIME = 15 * MINUTE_IN_SECONDS;
    /** Seconds that a server may take to answer before the owner is redirected to it. */
    private const PROBE_TIMEOUT = 5;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_post_' . self::CONNECT, [self::class, 'begin']);
        add_action('admin_post_' . self::DISCONNECT, [self::class, 'disconnect']);
        add_action('load-' . Settings::SCREEN, [self::class, 'finish']);
    }

    /** Handles the button "Connect": checks the form, then redirects the owner to the server. */
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
     * Redirects the owner to the server and ends the request. If no PeerPress server answers, shows a notice instead.
     *
     * @param Connection|null $moved The connection of this site at its former address, if it moved.
     */
    public static function ask(string $server, string $consent, ?Connection $moved = null): void
    {
        $problem = self::probe($server);
        if (null !== $problem) {
            Settings::redirect($problem);
        }
        $state = self::token();
        $verifier = self::token();
        $hasMoved = null !== $moved;
        set_transient(
            self::TRANSIENT . get_current_user_id(),
            compact('state', 'verifier', 'server', 'consent', 'hasMoved'),
            self::LIFETIME
        );
        $url = trailingslashit(ServerRequest::home());
        $challenge = self::challengeOf($verifier);
        Challenges::add($challenge);
        $fields = compact('url', 'state', 'challenge', 'consent')
            + ['return' => Settings::url(), 'mode' => Assistance::mode()];
        if (null !== $moved) {
            $proof = Signature::of($moved->secret(), "move\n$challenge\n$url");
            $fields += ['site' => $moved->site, 'proof' => self::base64url($proof)];
        }
        wp_redirect("$server/connect?" . http_build_query($fields));
        exit;
    }

    /** Redeems the code when the server has redirected the owner back to the settings page. */
    public static function finish(): void
    {
        if (! isset($_GET['state']) || ! current_user_can(Settings::CAPABILITY)) {
            return;
        }
        $key = self::TRANSIENT . get_current_user_id();
        $begun = get_transient($key);
        $state = sanitize_text_field(wp_unslash($_GET['state']));
        if (! self::isBegun($begun) || ! hash_equals($begun['state'], $state)) {
            Settings::redirect('wrong-state');
        }
        delete_transient($key);
        if (! isset($_GET['code'])) {
            Settings::redirect('denied');
        }
        $code = sanitize_text_field(wp_unslash($_GET['code']));
        $notice = self::redeem($begun, $code);
        Challenges::remove(self::challengeOf($begun['verifier']));
        Settings::redirect($notice);
    }

    /** Handles the button "Disconnect". */
    public static function disconnect(): void
    {
        Settings::authorize(self::DISCONNECT);
        $isReported = self::reportEnd();
        self::endHere();
        Settings::redirect($isReported ? 'disconnected' : 'disconnected-here');
    }

    /**
     * Reports to the server that the connection ends, so that the server revokes the posts. There is one attempt,
     * because the secret is removed with the connection.
     *
     * @return bool False if the server did not accept the report. The server still has the posts then.
     */
    public static function reportEnd(): bool
    {
        $connection = Connection::current();
        if (null === $connection) {
            return true;
        }
        $answer = ServerRequest::post($connection, 'disconnect', []);
        $status = is_wp_error($answer) ? 0 : (int) wp_remote_retrieve_response_code($answer);
        // A server that has removed the site has nothing to revoke.
        return ($status >= 200 && $status < 300) || ('unknown-site' === Problem::code($answer));
    }

    /** Ends the connection on this site only. */
    public static function endHere(): void
    {
        Delivery::stop();
        Backfill::stop();
        Policy::forget();
        PartVersions::stop();
        PageCaches::request();
        Connection::forget();
        Outbox::clear();
    }

    /** Deletes the transients of unfinished connections and of receipts. */
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

    /** Returns the code of the notice to show if no PeerPress server answers at the address, else null. */
    private static function probe(string $server): ?string
    {
        $answer = wp_remote_get("$server/healthz", [
            'timeout' => self::PROBE_TIMEOUT,
            'redirection' => 0,
            'limit_response_size' => ServerRequest::LARGEST_ANSWER,
            'user-agent' => 'PeerPress/' . VERSION,
        ]);
        if (is_wp_error($answer)) {
            return 'unreachable';
        }
        $isPeerPress = 200 === (int) wp_remote_retrieve_response_code($answer)
            && 0 === strpos(wp_remote_retrieve_body($answer), "ok\n");
        return $isPeerPress ? null : 'no-server';
    }

    /**
     * Whether a transient holds a connection that was begun. Another plugin, or a release before this one, may have
     * written it.
     *
     * @param mixed $begun
     */
    private static function isBegun($begun): bool
    {
        foreach (['state', 'verifier', 'server', 'consent'] as $field) {
            if (! is_string($begun[$field] ?? null)) {
                return false;
            }
        }
        return in_array($begun['consent'], Connection::POLICIES, true)
            && $begun['server'] === ServerAddress::parse($begun['server']);
    }

    /** Redeems the code for the site's keys. Returns the code of the notice to show. */
    private static function redeem(array $begun, string $code): string
    {
        $answer = wp_remote_post($begun['server'] . '/v1/connect', [
            // Meanwhile the server fetches the challenge from this site.
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
            return in_array(Problem::code($answer), ['unproven', 'not-owner'], true)
                ? Problem::code($answer)
                : 'refused';
        }
        $fields = json_decode(wp_remote_retrieve_body($answer), true);
        if (! Connection::accept($fields, $begun['consent'], $begun['server'])) {
            return 'not-peerpress';
        }
        Policy::connected($fields);
        if (empty($begun['hasMoved'])) {
            return 'connected';
        }
        // Posts that were saved since the move were not recorded, and the addresses of all posts have changed.
        Backfill::all();
        return 'moved';
    }

    private static function challengeOf(string $verifier): string
    {
        return self::base64url(hash('sha256', $verifier, true));
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
