<?php

namespace PeerPress;

/**
 * The server that this site is connected to. Pages need all of it but the secret, which has an option of its own that
 * is not loaded with every page.
 */
final class Connection
{
    /** A reader's browser takes part unless the reader objects. */
    public const ASSUMED = 'assumed';
    /** A notice tells the reader first; the reader's browser takes part until the reader refuses. */
    public const NOTICE = 'notice';
    /** A reader's browser takes part after the reader agreed. */
    public const REQUIRED = 'required';

    /** All of them. */
    public const POLICIES = [self::ASSUMED, self::NOTICE, self::REQUIRED];

    private const OPTION = 'peerpress_connection';
    private const SECRET_OPTION = 'peerpress_webhook_secret';

    /** The site's id on the server. */
    public string $site;
    /** Origin of the server, no trailing slash. */
    public string $server;
    /** The site's Ed25519 public key, base64url. */
    public string $publicKey;
    /** One of POLICIES. */
    public string $consent;

    private function __construct(array $fields)
    {
        $this->site = $fields['site'];
        $this->server = $fields['server'];
        $this->publicKey = $fields['publicKey'];
        $this->consent = $fields['consent'];
    }

    /** The connection, or null before the owner connected. */
    public static function current(): ?self
    {
        $fields = get_option(self::OPTION);
        return is_array($fields) ? new self($fields) : null;
    }

    /**
     * Keeps what the server answered. Events for another site or server are dropped: they are not for this one.
     *
     * @param mixed $answer Decoded JSON of POST /v1/connect.
     * @return bool False when the answer is not one of a PeerPress server; nothing has changed then.
     */
    public static function accept($answer, string $consent): bool
    {
        if (! self::isWellFormed($answer)) {
            return false;
        }
        $fields = [
            'site' => $answer['site'],
            'server' => ServerAddress::parse($answer['server']),
            'publicKey' => $answer['publicKey'],
            'consent' => $consent,
        ];
        $before = self::current();
        if (null !== $before && [$before->site, $before->server] !== [$fields['site'], $fields['server']]) {
            Outbox::clear();
        }
        update_option(self::OPTION, $fields, true);
        update_option(self::SECRET_OPTION, $answer['webhookSecret'], false);
        Delivery::start();
        return true;
    }

    /** Replaces the consent policy. */
    public function choose(string $consent): void
    {
        $fields = get_option(self::OPTION);
        if (is_array($fields)) {
            update_option(self::OPTION, ['consent' => $consent] + $fields, true);
        }
    }

    /** Forgets the server and its secret. */
    public static function forget(): void
    {
        delete_option(self::OPTION);
        delete_option(self::SECRET_OPTION);
    }

    /** The secret that events are signed with, `whsec_` and base64. */
    public function secret(): string
    {
        return (string) get_option(self::SECRET_OPTION, '');
    }

    private static function isWellFormed($answer): bool
    {
        $patterns = [
            'site' => '/^[a-z0-9]{16}$/D',
            'webhookSecret' => '#^whsec_[A-Za-z0-9+/]{32,}={0,2}$#D',
            'publicKey' => '/^[A-Za-z0-9_-]{43}$/D',
        ];
        foreach ($patterns as $name => $pattern) {
            if (! isset($answer[$name]) || ! is_string($answer[$name]) || ! preg_match($pattern, $answer[$name])) {
                return false;
            }
        }
        return is_string($answer['server'] ?? null) && null !== ServerAddress::parse($answer['server']);
    }
}
