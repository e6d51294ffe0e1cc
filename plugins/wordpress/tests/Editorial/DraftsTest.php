<?php

namespace PeerPress\Tests\Editorial;

use PeerPress\Editorial\CommandLog;
use PeerPress\Editorial\Drafts;

require_once __DIR__ . '/EditorialTestCase.php';

final class DraftsTest extends EditorialTestCase
{
    private const DRAFT = [
        'draft' => 'abcdefgh12345678',
        'approvedBy' => 'Ada',
        'title' => 'Rye & wheat',
        'description' => 'Two flours.',
        'sections' => [
            ['heading' => 'Prices', 'claims' => [
                ['text' => 'Rye costs 2 € <script>x</script> [gallery]', 'sources' => [1, 2]],
                ['text' => 'Wheat costs 1 €.', 'sources' => [2, 9]],
            ]],
        ],
        'sources' => [
            ['text' => 'Price list, 2026-03-01', 'url' => 'https://blog.example/prices?a=1&b=2'],
            ['text' => 'A note of the owner', 'url' => 'javascript:alert(1)'],
        ],
    ];

    protected function tearDown(): void
    {
        remove_all_filters('wp_insert_post_empty_content');
        remove_all_filters('wp_insert_post_data');
        parent::tearDown();
    }

    public function testSavesADraftWithItsSourcesAsFootnotes(): void
    {
        $answer = $this->write();
        $this->assertSame(['written', 'draft', false], [$answer['result'], $answer['status'], $answer['isChanged']]);
        $post = get_post((int) $answer['post']);
        $this->assertSame(['draft', 'Rye &amp; wheat'], [$post->post_status, $post->post_title]);
        $this->assertSame('Two flours.', $post->post_excerpt);
        $this->assertSame('abcdefgh12345678', Drafts::idOf($post->ID));
        $html = do_blocks($post->post_content);
        $this->assertStringContainsString('<h2>Prices</h2>', $html);
        $this->assertStringNotContainsString('<script', $html);
        $this->assertStringContainsString('<a href="#peerpress-source-1">1</a>', $html);
        $this->assertStringContainsString('<li id="peerpress-source-1"><a href="https://blog', $html);
        $this->assertStringContainsString('<li id="peerpress-source-2">A note of the owner</li>', $html);
        $this->assertStringNotContainsString('peerpress-source-9', $html);
        $this->assertStringNotContainsString('javascript:', $html);
        $this->assertStringContainsString('[gallery]', html_entity_decode(do_shortcode($html)));
    }

    public function testWritesItsOwnPostAgainAndNoSecondOne(): void
    {
        $first = $this->write();
        $again = $this->write(['title' => 'Another title']);
        $this->assertSame([$first['post'], 'written'], [$again['post'], $again['result']]);
        $this->assertSame('Another title', get_post((int) $first['post'])->post_title);
    }

    public function testCompletesThePostOfAProcessThatWasKilled(): void
    {
        $kill = static function (): void {
            throw new \RuntimeException('killed');
        };
        add_action('wp_insert_post', $kill);
        try {
            $this->write();
            $this->fail('the first attempt ends');
        } catch (\RuntimeException $error) {
            $this->assertSame('killed', $error->getMessage());
        } finally {
            remove_action('wp_insert_post', $kill);
        }
        $answer = $this->write();
        $this->assertSame(['written', false], [$answer['result'], $answer['isChanged']]);
        $found = get_posts(['title' => 'Rye &amp; wheat', 'post_status' => 'any', 'numberposts' => -1]);
        $this->assertCount(1, $found);
        $this->assertSame('abcdefgh12345678', Drafts::idOf($found[0]->ID));
    }

    public function testTakesACommandOverWhoseProcessWasKilled(): void
    {
        global $wpdb;
        $this->assertTrue(CommandLog::claim('cmd_killed'));
        $this->assertSame(409, $this->command('draft.write', self::DRAFT, 'cmd_killed')->get_status());
        $row = ['option_name' => 'peerpress_command_' . md5('cmd_killed')];
        $wpdb->update($wpdb->options, ['option_value' => (time() - 601) . '|'], $row);
        $this->assertSame(200, $this->command('draft.write', self::DRAFT, 'cmd_killed')->get_status());
    }

    public function testOverwritesNothingThatSomebodyEditedPublishedOrTrashed(): void
    {
        $post = (int) $this->write()['post'];
        $changes = [['post_title' => 'By hand'], ['post_status' => 'publish'], ['post_status' => 'trash']];
        foreach ($changes as $change) {
            wp_update_post(['ID' => $post] + $change);
            $before = get_post($post)->to_array();
            $answer = $this->write(['title' => 'Ours']);
            $this->assertSame(['conflict', (string) $post], [$answer['result'], $answer['post']]);
            $this->assertStringContainsString('Nothing was overwritten', $answer['text']);
            $this->assertSame($before, get_post($post)->to_array());
        }
    }

    public function testReportsThatThisSiteRefusesOrChangesTheDraft(): void
    {
        add_filter('wp_insert_post_empty_content', '__return_true');
        $refused = $this->write();
        $this->assertSame(['refused', null], [$refused['result'], $refused['post']]);
        $this->assertNotSame('', $refused['text']);
        remove_all_filters('wp_insert_post_empty_content');
        add_filter('wp_insert_post_data', static function (array $fields): array {
            return ['post_title' => 'SALE'] + $fields;
        });
        $this->assertSame(['written', true], [$this->write()['result'], $this->write()['isChanged']]);
    }

    public function testUsesTheFootnotesOfNewerWordPress(): void
    {
        $isOurs = ! \WP_Block_Type_Registry::get_instance()->is_registered('core/footnotes');
        if ($isOurs) {
            register_block_type('core/footnotes', []);
        }
        try {
            $post = (int) $this->write()['post'];
            $this->assertStringContainsString('<!-- wp:footnotes /-->', get_post($post)->post_content);
            $this->assertStringContainsString('<sup data-fn="peerpress-source-1"', get_post($post)->post_content);
            $notes = json_decode(get_post_meta($post, 'footnotes', true), true);
            $this->assertSame(['peerpress-source-1', 'peerpress-source-2'], array_column($notes, 'id'));
            $this->assertSame('A note of the owner', $notes[1]['content']);
        } finally {
            if ($isOurs) {
                unregister_block_type('core/footnotes');
            }
        }
    }

    public function testRefusesAnIncompleteDraft(): void
    {
        $claim = ['text' => 'x', 'sources' => [1]];
        foreach (
            [
                ['title' => ' '],
                ['draft' => '../1'],
                ['sections' => []],
                ['sections' => [['heading' => 'x', 'claims' => 'x']]],
                ['sections' => [['heading' => 'x', 'claims' => [['text' => 'x', 'sources' => ['1']]]]]],
                ['sections' => array_fill(0, 51, ['heading' => 'x', 'claims' => [$claim]])],
                ['sources' => [['url' => 'https://blog.example']]],
            ] as $change
        ) {
            $sent = $this->command('draft.write', $change + self::DRAFT);
            $this->assertSame(422, $sent->get_status(), wp_json_encode($change));
        }
    }

    private function write(array $change = []): array
    {
        $answer = $this->command('draft.write', $change + self::DRAFT);
        $this->assertSame(200, $answer->get_status(), wp_json_encode($answer->get_data()));
        return $answer->get_data();
    }
}
