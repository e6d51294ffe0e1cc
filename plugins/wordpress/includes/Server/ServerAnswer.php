<?php

namespace PeerPress\Server;

use PeerPress\Delivery\Pause;

/**
 * What the server's answer to one message of events means for them.
 */
final class ServerAnswer
{
    /** The server has the events, but for those in `refused`. */
    public const ACCEPTED = 'accepted';
    /** The message as it is will never be accepted. */
    public const REFUSED = 'refused';
    /** This message failed; others may not. */
    public const FAILED = 'failed';
    /** The server cannot accept anything now. */
    public const UNAVAILABLE = 'unavailable';
    /** The server accepts nothing of this site until somebody changes something. */
    public const STOPPED = 'stopped';

    /** Other statuses from 400 to 500 are FAILED, all others UNAVAILABLE. */
    private const KINDS = [
        400 => self::REFUSED,
        401 => self::STOPPED,
        403 => self::UNAVAILABLE,
        404 => self::STOPPED,
        405 => self::STOPPED,
        408 => self::UNAVAILABLE,
        409 => self::STOPPED,
        410 => self::STOPPED,
        413 => self::REFUSED,
        414 => self::REFUSED,
        415 => self::REFUSED,
        422 => self::REFUSED,
        425 => self::UNAVAILABLE,
        429 => self::UNAVAILABLE,
    ];
    /** Seconds until a stopped outbox is tried again, by code; codes that are not here wait for the owner. */
    private const STOP_RETRIES = [
        Pause::CLOCK => 15 * MINUTE_IN_SECONDS,
        Pause::SIGNATURE => 6 * HOUR_IN_SECONDS,
        Pause::NO_SERVER => DAY_IN_SECONDS,
    ];
    private const LONGEST_RETRY_AFTER = 6 * HOUR_IN_SECONDS;

    /** One of the constants above. */
    public string $kind;
    /** What went wrong, for people; empty when nothing did. */
    public string $error;
    /** Code of Pause, for an outbox that has to wait; else empty. */
    public string $code = '';
    /** Seconds until it is worth trying again; null when the answer does not tell. */
    public ?int $retryAfter = null;
    /** Seconds by which this site's clock is ahead of the server's, negative when behind; null when that is no matter. */
    public ?int $clockError = null;
    /** @var array<string, string> Reasons by event id, for events of an accepted batch that were refused. */
    public array $refused = [];

    private function __construct(string $kind, string $error = '')
    {
        $this->kind = $kind;
        $this->error = $error;
    }

    /**
     * Reads an answer.
     *
     * @param array|\WP_Error $answer Of wp_remote_post().
     */
    public static function read($answer, bool $isBatch): self
    {
        if (is_wp_error($answer)) {
            return self::unanswered($answer);
        }
        $status = (int) wp_remote_retrieve_response_code($answer);
        if ($status >= 200 && $status < 300) {
            return self::success($answer, $status, $isBatch);
        }
        $error = Problem::describe($answer);
        $kind = self::kindOf($status);
        if (self::STOPPED === $kind) {
            return self::stop($answer, $status, $error);
        }
        if (self::UNAVAILABLE === $kind) {
            return self::wait(Pause::BUSY, $error, self::retryAfter($answer));
        }
        $other = new self($kind, $error);
        $other->code = 500 === $status ? Pause::BUSY : '';
        return $other;
    }

    private static function unanswered(\WP_Error $error): self
    {
        if (ServerRequest::OTHER_HOME !== $error->get_error_code()) {
            return self::wait(Pause::SILENCE, $error->get_error_message());
        }
        $stop = new self(self::STOPPED, $error->get_error_message());
        $stop->code = Pause::OTHER_HOME;
        return $stop;
    }

    private static function kindOf(int $status): string
    {
        return self::KINDS[$status] ?? ($status >= 400 && $status <= 500 ? self::FAILED : self::UNAVAILABLE);
    }

    /** A page of some other web server is no receipt. */
    private static function success(array $answer, int $status, bool $isBatch): self
    {
        $receipt = json_decode(wp_remote_retrieve_body($answer), true);
        $isReceipt = is_array($receipt) && is_array($receipt['refused'] ?? null);
        if ($isBatch ? ! $isReceipt : 202 !== $status) {
            return self::wait(Pause::NO_SERVER, "HTTP $status without a receipt");
        }
        $accepted = new self(self::ACCEPTED);
        foreach ($isReceipt ? $receipt['refused'] : [] as $refusal) {
            $texts = array_filter((array) $refusal, 'is_string') + ['id' => '', 'code' => '', 'detail' => ''];
            $accepted->refused[$texts['id']] = sanitize_text_field("{$texts['code']}: {$texts['detail']}");
        }
        return $accepted;
    }

    private static function stop(array $answer, int $status, string $error): self
    {
        $code = Problem::code($answer);
        if (401 === $status && 'stale' !== $code) {
            $code = Pause::SIGNATURE;
        } elseif (410 === $status) {
            $code = Pause::GONE;
        } elseif (409 !== $status && ! in_array($code, [Pause::CLOCK, Pause::UNKNOWN_SITE], true)) {
            $code = Pause::NO_SERVER;
        }
        $stop = new self(self::STOPPED, $error);
        $stop->code = '' === $code ? Pause::REFUSED : $code;
        $stop->retryAfter = self::STOP_RETRIES[$stop->code] ?? null;
        $date = self::date($answer);
        if (Pause::CLOCK === $stop->code && null !== $date) {
            $stop->clockError = time() - $date;
        }
        return $stop;
    }

    private static function wait(string $code, string $error, ?int $retryAfter = null): self
    {
        $wait = new self(self::UNAVAILABLE, $error);
        $wait->code = $code;
        $wait->retryAfter = $retryAfter;
        return $wait;
    }

    /** RFC 9110: seconds, or a date, which is read by the server's own clock. */
    private static function retryAfter(array $answer): ?int
    {
        $value = trim(self::header($answer, 'retry-after'));
        if (preg_match('/^\d{1,9}$/D', $value)) {
            $seconds = (int) $value;
        } else {
            $time = '' === $value ? false : strtotime($value);
            if (false === $time) {
                return null;
            }
            $seconds = $time - (self::date($answer) ?? time());
        }
        return max(1, min(self::LONGEST_RETRY_AFTER, $seconds));
    }

    /** The server's time; null when the answer does not tell. */
    private static function date(array $answer): ?int
    {
        $time = strtotime(self::header($answer, 'date'));
        return false === $time ? null : $time;
    }

    /** A header that was sent twice has no meaning here. */
    private static function header(array $answer, string $name): string
    {
        $value = wp_remote_retrieve_header($answer, $name);
        return is_string($value) ? $value : '';
    }
}
