<?php

namespace PeerPress\Tests\Editorial;

use WP_REST_Request;

require_once __DIR__ . '/EditorialTestCase.php';

final class PostPanelTest extends EditorialTestCase
{
    protected function tearDown(): void
    {
        remove_all_filters('pre_http_request');
        parent::tearDown();
    }

    public function testShowsTheBriefAndTheGatesOfAPostToItsEditors(): void
    {
        $post = $this->post();
        $this->answer(200, [
            'draft' => ['refusals' => [], 'claims' => 4, 'sources' => 2, 'approvedBy' => 'Ada <b>'],
            'brief' => ['question' => 'Why rye?', 'why' => 'Searched', 'readers' => 'FR'],
        ]);
        $this->assertSame(401, $this->panel($post)->get_status());
        wp_set_current_user(1);
        $lines = $this->panel($post)->get_data()['lines'];
        $this->assertSame(['Draft', 'Brief: Why rye?'], array_column($lines, 'heading'));
        $passed = 'It passed all gates: 4 claims from 2 sources.';
        $this->assertSame([$passed, 'Approved by Ada.'], $lines[0]['texts']);
        $this->assertSame(['Searched', 'FR'], $lines[1]['texts']);
    }

    public function testShowsWhyADraftWasRefused(): void
    {
        $post = $this->post();
        wp_set_current_user(1);
        $this->answer(200, ['draft' => ['refusals' => ['7 is not in its evidence.']], 'brief' => null]);
        $this->assertSame(['7 is not in its evidence.'], $this->panel($post)->get_data()['lines'][0]['texts']);
    }

    public function testShowsNothingIfTheServerAnswersOddlyOrNot(): void
    {
        wp_set_current_user(1);
        foreach ([[200, 'text'], [200, ['draft' => 1, 'brief' => 'x']], [500, []], [404, ['draft' => []]]] as $case) {
            $this->answer(...$case);
            $this->assertSame([], $this->panel($this->post())->get_data()['lines']);
        }
    }

    /** @param mixed $body */
    private function answer(int $status, $body): void
    {
        remove_all_filters('pre_http_request');
        add_filter('pre_http_request', static function () use ($status, $body): array {
            return ['response' => ['code' => $status], 'headers' => [], 'body' => wp_json_encode($body)];
        });
    }

    private function panel(int $post): \WP_REST_Response
    {
        return rest_do_request(new WP_REST_Request('GET', "/peerpress/v1/posts/$post/panel"));
    }
}
