<?php

namespace PeerPress\Posts;

use WP_Post;

/**
 * A search for the posts that a change concerns, with its progress. Each search has an option of its own until it is
 * done. Adding a search that exists restarts it, also while it runs.
 */
final class PostSearch
{
    /** All public posts. */
    public const ALL = 'all';
    /** The posts that show the synced pattern `id`, also within another pattern. */
    public const PATTERN = 'pattern';
    /** The posts that show the attachment `id`, whose file is below `path`, without its extension. */
    public const MEDIA = 'media';
    /** The posts below the post `id`, whose addresses begin with its own. */
    public const CHILDREN = 'children';

    /** Seconds of a claim, which each step renews. */
    public const LEASE = 120;

    private const PREFIX = 'peerpress_search_';
    /** Posts in one step. */
    private const STEP = 200;
    /** Ids that one step of a text search covers. */
    private const RANGE = 2000;

    private string $name;
    /** The option's value when this process last read or wrote it. */
    private string $stored;
    private array $state;
    private bool $isDone = false;
    /** The last id of the present step; null if it is the last step. */
    private ?int $end = null;

    private function __construct(string $name, string $stored, array $state)
    {
        $this->name = $name;
        $this->stored = $stored;
        $this->state = $state;
    }

    /**
     * Adds a search, or restarts it.
     *
     * @param array $search `kind`, `id`, `path`, `after` (a post id), `due` (Unix time), `chain` (ids of searches that
     *                      led here).
     */
    public static function add(array $search): void
    {
        $state = $search + ['id' => 0, 'path' => '', 'after' => 0, 'due' => time(), 'chain' => [], 'until' => 0];
        $state['turn'] = bin2hex(random_bytes(8));
        update_option(self::PREFIX . $state['kind'] . '_' . $state['id'], (string) wp_json_encode($state), true);
    }

    /** Returns whether a search of all public posts is about to begin, which covers every other search. */
    public static function isCovered(): bool
    {
        $all = self::all()[self::PREFIX . self::ALL . '_0'] ?? null;
        return null !== $all && 0 === $all['after'];
    }

    /** Returns the number of searches. */
    public static function count(): int
    {
        return count(self::all());
    }

    /** Returns the Unix time at which the next search is due; null if there is none. */
    public static function nextDue(): ?int
    {
        $times = array_map(static function (array $state): int {
            return max($state['due'], $state['until']);
        }, self::all());
        return [] === $times ? null : max(time(), min($times));
    }

    /** Claims a due search for this process and returns it; null if there is none. */
    public static function claim(): ?self
    {
        foreach (self::all() as $name => $state) {
            if (max($state['due'], $state['until']) <= time()) {
                $search = new self($name, (string) get_option($name), $state);
                if ($search->store(['until' => time() + self::LEASE])) {
                    return $search;
                }
            }
        }
        return null;
    }

    /** Deletes all searches. */
    public static function forgetAll(): void
    {
        global $wpdb;
        $names = $wpdb->get_col($wpdb->prepare(
            "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s",
            $wpdb->esc_like(self::PREFIX) . '%'
        ));
        array_map('delete_option', $names);
    }

    /**
     * Returns the ids of the next posts, in the order of ids, so that new and deleted posts do not shift the pages.
     *
     * @return int[]
     */
    public function step(): array
    {
        global $wpdb;
        $condition = $this->condition();
        $types = Visibility::types();
        if (self::PATTERN === $this->state['kind']) {
            $types[] = 'wp_block';
        }
        $places = implode(',', array_fill(0, count($types), '%s'));
        // A text search reads every text, so its steps are limited by ids, not only by results.
        $last = '' === $condition ? PHP_INT_MAX : $this->state['after'] + self::RANGE;
        $ids = array_map('intval', $wpdb->get_col($wpdb->prepare(
            "SELECT ID FROM $wpdb->posts WHERE ID > %d AND ID <= %d AND post_status = 'publish' AND post_password = ''
            AND post_type IN ($places) $condition ORDER BY ID LIMIT %d",
            array_merge([$this->state['after'], $last], $types, [self::STEP])
        )));
        $this->end = $last;
        if (count($ids) === self::STEP) {
            $this->end = end($ids);
        } elseif ('' === $condition || $last >= (int) $wpdb->get_var("SELECT MAX(ID) FROM $wpdb->posts")) {
            $this->end = null;
        }
        return $ids;
    }

    /**
     * Stores the progress, so that a killed search repeats at most one post. Returns false if another process restarted
     * the search.
     */
    public function keep(int $id): bool
    {
        return $this->store(['after' => $id, 'until' => time() + self::LEASE]);
    }

    /** Ends a step. Returns false if the search is done, or another process restarted it. */
    public function keepStep(): bool
    {
        $this->isDone = null === $this->end;
        return ! $this->isDone && $this->keep($this->end);
    }

    /** Ends the claim. Deletes the search if it is done. */
    public function release(): void
    {
        global $wpdb;
        if (! $this->isDone) {
            $this->store(['until' => 0]);
            return;
        }
        $wpdb->delete($wpdb->options, ['option_name' => $this->name, 'option_value' => $this->stored]);
        self::flush($this->name);
    }

    /** Returns the search that a found post requires: for a pattern in a pattern, or a page below a page; else null. */
    public function searchThrough(WP_Post $post): ?array
    {
        $kind = $this->state['kind'];
        $leads = self::CHILDREN === $kind || (self::PATTERN === $kind && 'wp_block' === $post->post_type);
        $chain = array_merge($this->state['chain'], [$this->state['id']]);
        if (! $leads || in_array($post->ID, $chain, true)) {
            return null;
        }
        return ['kind' => $kind, 'id' => $post->ID, 'chain' => $chain];
    }

    /** Returns SQL that begins with AND; empty if the search finds every public post. */
    private function condition(): string
    {
        global $wpdb;
        $id = (int) $this->state['id'];
        switch ($this->state['kind']) {
            case self::PATTERN:
                return 'AND ' . self::textHas(["\"ref\":$id,", "\"ref\":$id}"]);
            case self::MEDIA:
                $marks = ["wp-image-$id\"", "wp-image-$id ", "\"id\":$id,", "\"id\":$id}", "\"mediaId\":$id,"];
                if ('' !== $this->state['path']) {
                    array_push($marks, "{$this->state['path']}.", "{$this->state['path']}-");
                }
                return $wpdb->prepare(
                    "AND (ID IN (SELECT post_id FROM $wpdb->postmeta
                    WHERE meta_key = '_thumbnail_id' AND meta_value = %s)
                    OR (post_content LIKE %s AND post_content LIKE %s) OR ",
                    (string) $id,
                    '%' . $wpdb->esc_like('[gallery') . '%',
                    '%' . $wpdb->esc_like((string) $id) . '%'
                ) . self::textHas($marks) . ')';
            case self::CHILDREN:
                return $wpdb->prepare('AND post_parent = %d', $id);
            default:
                return '';
        }
    }

    /** @param string[] $marks */
    private static function textHas(array $marks): string
    {
        global $wpdb;
        $likes = array_map(static function (string $mark) use ($wpdb): string {
            return $wpdb->prepare('post_content LIKE %s', '%' . $wpdb->esc_like($mark) . '%');
        }, $marks);
        return '(' . implode(' OR ', $likes) . ')';
    }

    /** Writes the state unless another process wrote it since it was read. */
    private function store(array $change): bool
    {
        global $wpdb;
        $state = $change + $this->state;
        // The value is new each time, so that the count of changed rows shows whether the old one was still stored.
        $state['turn'] = bin2hex(random_bytes(8));
        $value = (string) wp_json_encode($state);
        $isStored = 1 === $wpdb->update(
            $wpdb->options,
            ['option_value' => $value],
            ['option_name' => $this->name, 'option_value' => $this->stored]
        );
        self::flush($this->name);
        if ($isStored) {
            $this->state = $state;
            $this->stored = $value;
        }
        return $isStored;
    }

    /** Returns the states by option name. The options are autoloaded, so this runs no query. */
    private static function all(): array
    {
        $states = [];
        foreach (wp_load_alloptions() as $name => $value) {
            if (0 === strpos((string) $name, self::PREFIX)) {
                $state = json_decode((string) $value, true);
                if (self::isWhole($state)) {
                    $states[$name] = $state;
                }
            }
        }
        return $states;
    }

    /** @param mixed $state The value of an option, which another program may have changed. */
    private static function isWhole($state): bool
    {
        if (! is_array($state) || ! is_string($state['kind'] ?? null) || ! is_string($state['path'] ?? null)) {
            return false;
        }
        foreach (['id', 'after', 'due', 'until'] as $field) {
            if (! is_int($state[$field] ?? null)) {
                return false;
            }
        }
        return is_array($state['chain'] ?? null);
    }

    /** Removes the option from WordPress's cache, which direct writes to the database bypass. */
    private static function flush(string $name): void
    {
        wp_cache_delete($name, 'options');
        wp_cache_delete('alloptions', 'options');
    }
}
