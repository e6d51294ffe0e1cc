<?php

namespace PeerPress\Delivery;

use PeerPress\Server\ServerAnswer;

/**
 * Why and until when the whole outbox waits. Its option exists only while something is wrong, or was a moment ago.
 */
final class Pause
{
    /** The server did not answer. */
    public const SILENCE = 'silence';
    /** The server answered that it cannot accept events now. */
    public const BUSY = 'busy';
    /** The clocks of this site and the server differ by more than a signature may be old. */
    public const CLOCK = 'stale';
    /** The server does not accept this site's signature. */
    public const SIGNATURE = 'bad-signature';
    /** The server has no site with this id. */
    public const UNKNOWN_SITE = 'unknown-site';
    /** Something other than a PeerPress server answers at the address. */
    public const NO_SERVER = 'no-server';
    /** The server says that it is gone. */
    public const GONE = 'gone';
    /** The server knows this site by another address: this is a copy, or the site moved. */
    public const OTHER_HOME = 'other-home';
    /** The server refuses this site without a known reason. */
    public const REFUSED = 'refused';

    private const OPTION = 'peerpress_delivery';
    private const LONGEST_DELAY = HOUR_IN_SECONDS;
    private const LARGEST_BATCH = 100;
    private const DEFAULTS = [
        'code' => '',
        'error' => '',
        'clockError' => null,
        'since' => 0,
        'until' => 0,
        'failures' => 0,
        'batch' => self::LARGEST_BATCH,
        'singlesUntil' => 0,
    ];

    /** One of the constants above. */
    public string $code;
    /** What the server, or the network, said. */
    public string $error;
    /** Seconds by which this site's clock is ahead of the server's, for CLOCK; null when unknown. */
    public ?int $clockError;
    /** Unix time. */
    public int $since;
    /** Unix time of the next try; null when the outbox waits for the owner. */
    public ?int $until;

    private function __construct(array $state)
    {
        $this->code = (string) $state['code'];
        $this->error = (string) $state['error'];
        $this->clockError = null === $state['clockError'] ? null : (int) $state['clockError'];
        $this->since = (int) $state['since'];
        $this->until = null === $state['until'] ? null : (int) $state['until'];
    }

    /** The present pause, also one that is over and waits for its probe; null when the last delivery succeeded. */
    public static function current(): ?self
    {
        $state = self::state();
        return '' === $state['code'] ? null : new self($state);
    }

    /** When something may be sent, in Unix time; null when only the owner ends the pause. */
    public static function opensAt(): ?int
    {
        $pause = self::current();
        return null === $pause ? 0 : $pause->until;
    }

    /** Whether something may be sent now. */
    public static function isOpen(): bool
    {
        $opensAt = self::opensAt();
        return null !== $opensAt && $opensAt <= time();
    }

    /** Events that the next message may carry: one after a failure, twice as many after each success. */
    public static function batch(): int
    {
        $state = self::state();
        return $state['singlesUntil'] > time() ? 1 : max(1, min(self::LARGEST_BATCH, $state['batch']));
    }

    /** The whole outbox waits, because of an answer or of silence. Gives the Unix time of the next try, or null. */
    public static function begin(ServerAnswer $answer): ?int
    {
        $state = self::state();
        $failures = (int) $state['failures'] + 1;
        $isForOwner = ServerAnswer::STOPPED === $answer->kind && null === $answer->retryAfter;
        $until = time() + ($answer->retryAfter ?? Delay::after($failures, self::LONGEST_DELAY));
        $state = [
            'code' => $answer->code,
            'error' => mb_substr($answer->error, 0, 500),
            'clockError' => $answer->clockError,
            'since' => $state['code'] === $answer->code ? $state['since'] : time(),
            'until' => $isForOwner ? null : $until,
            'failures' => $failures,
            'batch' => 1,
        ] + $state;
        self::save($state);
        return $state['until'];
    }

    /** The server accepted a message. */
    public static function end(): void
    {
        $state = self::state();
        if (self::DEFAULTS !== $state) {
            $batch = min(self::LARGEST_BATCH, 2 * (int) $state['batch']);
            self::save(['batch' => $batch, 'singlesUntil' => $state['singlesUntil']] + self::DEFAULTS);
        }
    }

    /** The server does not accept batches: release 0.1 knows single events only. Batches are tried again in a day. */
    public static function sendSingles(): void
    {
        self::save(['singlesUntil' => time() + DAY_IN_SECONDS] + self::state());
    }

    /** Lets one message go now, when the server did not answer before: somebody wants to know whether it does again. */
    public static function probe(): void
    {
        $state = self::state();
        if (self::SILENCE === $state['code']) {
            self::save(['until' => time()] + $state);
        }
    }

    /** Forgets everything: the site was connected, disconnected, or its owner wants a try now. */
    public static function forget(): void
    {
        delete_option(self::OPTION);
    }

    /** What is wrong and what to do, for the owner. */
    public function text(): string
    {
        if (self::CLOCK === $this->code) {
            return $this->clockText();
        }
        $texts = [
            self::SILENCE => __('The server does not answer. Events wait and go out by themselves.', 'peerpress'),
            self::BUSY => __('The server accepts no events now. They wait and go out by themselves.', 'peerpress'),
            self::SIGNATURE => __('The server does not accept the signature of this site. Connect again.', 'peerpress'),
            self::UNKNOWN_SITE => __('The server no longer has this site. Connect again, or disconnect.', 'peerpress'),
            self::NO_SERVER => __('No PeerPress server answers at this address. Connect again.', 'peerpress'),
            self::GONE => __('The server is gone for good. Disconnect, or connect to another server.', 'peerpress'),
            self::OTHER_HOME => __('The server has this site under another address and refuses this one.', 'peerpress'),
        ];
        return $texts[$this->code] ?? __('The server refuses this site.', 'peerpress');
    }

    /** Whether the owner has to do something. */
    public function needsOwner(): bool
    {
        return ! in_array($this->code, [self::SILENCE, self::BUSY], true);
    }

    private function clockText(): string
    {
        if (null === $this->clockError) {
            return __('The clocks of this site and of the server differ by more than five minutes.', 'peerpress');
        }
        $now = time();
        $span = human_time_diff($now, $now + abs($this->clockError));
        $text = $this->clockError > 0
            /* translators: %s: a time span such as "7 minutes". */
            ? __('The clock of this site is %s ahead of the server’s. Set it right.', 'peerpress')
            /* translators: %s: a time span such as "7 minutes". */
            : __('The clock of this site is %s behind the server’s. Set it right.', 'peerpress');
        return sprintf($text, $span) . ' ' . __('Events are sent again by themselves then.', 'peerpress');
    }

    private static function state(): array
    {
        $stored = get_option(self::OPTION);
        $known = is_array($stored) ? array_intersect_key($stored, self::DEFAULTS) : [];
        return array_merge(self::DEFAULTS, array_filter($known, [self::class, 'fits'], ARRAY_FILTER_USE_BOTH));
    }

    /** @param mixed $value Of the option, which something else may have changed. */
    private static function fits($value, string $field): bool
    {
        if (null === $value) {
            return in_array($field, ['clockError', 'until'], true);
        }
        return is_string(self::DEFAULTS[$field]) ? is_string($value) : is_int($value);
    }

    private static function save(array $state): void
    {
        $state = array_merge(self::DEFAULTS, $state);
        if ($state['singlesUntil'] <= time()) {
            $state['singlesUntil'] = 0;
        }
        if (self::DEFAULTS === $state) {
            delete_option(self::OPTION);
        } else {
            update_option(self::OPTION, $state, true);
        }
    }
}
