<?php

namespace PeerPress\Posts;

use WP_Post;

/**
 * A search for the posts that something changes, with the place that it has reached. Each has an option of its own,
 * which exists until the search is done. A search that is asked for again begins again, also while it runs.
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

    /** Seconds that a claim holds, renewed with each step. */
    public const LEASE = 120;

    private const PREFIX = 'peerpress_search_';
    /** Posts in one step. */
    private const STEP = 200;
    /** Ids that one step of a search in texts looks at. */
    private const RANGE = 2000;

    private string $name;
    /** The option's value as this process has it. */
    private string $stored;
    private array $state;
    private bool $isDone = false;
    /** The place after the present step; null when it is the last one. */
    private ?int $end = null;

    private function __construct(string $name, string $stored, array $state)
    {
        $this->name = $name;
        $this->stored = $stored;
        $this->state = $state;
    }

    /**
     * Adds a search, or begins it again.
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

    /** Whether all public posts are about to be published anyway. */
    public static function isCovered(): bool
    {
        $all = self::all()[self::PREFIX . self::ALL . '_0'] ?? null;
        return null !== $all && 0 === $all['after'];
    }

    /** Number of searches. */
    public static function count(): int
    {
        return count(self::all());
    }

    /** When the next search has something to do, in Unix time; null when there is none. */
    public static function nextDue(): ?int
    {
        $times = array_map(static function (array $state): int {
            return max($state['due'], $state['until']);
        }, self::all());
        return [] === $times ? null : max(time(), min($times));
    }

    /** A search that is due, now claimed by this process; null when there is none. */
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

    /** Drops all searches. */
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
     * The next posts that it finds; by id, so that posts that come and go meanwhile shift nothing.
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
        // A search in texts reads every text: its steps are bounded by ids, not only by what it finds.
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
     * Keeps the place, so that a search that is killed repeats at most one post. False when another process began the
     * search again.
     */
    public function keep(int $id): bool
    {
        return $this->store(['after' => $id, 'until' => time() + self::LEASE]);
    }

    /** Ends a step. False when the search is done, or another process began it again. */
    public function keepStep(): bool
    {
        $this->isDone = null === $this->end;
        return ! $this->isDone && $this->keep($this->end);
    }

    /** Ends the claim, and the search when it is done. */
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

    /** The search that a found post leads to: a pattern in a pattern, a page below a page; null when it leads nowhere. */
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

    /** SQL that begins with AND; empty when every public post is found. */
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
        // A new value each time, so that the count of changed rows says whether the old one was still there.
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

    /** States by option name; all of them are loaded with every request anyway. */
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

    /** @param mixed $state Of an option, which something else may have changed. */
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

    /** WordPress's cache of options is not aware of what is written past it. */
    private static function flush(string $name): void
    {
        wp_cache_delete($name, 'options');
        wp_cache_delete('alloptions', 'options');
    }
}
