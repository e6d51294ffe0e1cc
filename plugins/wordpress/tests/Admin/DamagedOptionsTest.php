<?php

namespace PeerPress\Tests\Admin;

use PeerPress\Admin\AdminNotices;
use PeerPress\Admin\PauseNotice;
use PeerPress\Admin\Settings;
use PeerPress\Admin\SiteHealth;
use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Repair;
use PeerPress\Delivery\Schema;
use PeerPress\Page\Assistance;
use PeerPress\Page\Page;
use PeerPress\Posts\Backfill;
use PeerPress\Posts\PostSearch;
use PeerPress\Server\Connection;
use PeerPress\Server\Policy;
use PeerPress\Tests\WordPressTestCase;

/** Another plugin, a migration or a hand may change any option. Neither pages nor the dashboard may fail by it. */
final class DamagedOptionsTest extends WordPressTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->connect();
        add_filter('pre_http_request', [$this, 'refuse']);
    }

    protected function tearDown(): void
    {
        remove_filter('pre_http_request', [$this, 'refuse']);
        parent::tearDown();
    }

    public function refuse(): \WP_Error
    {
        return new \WP_Error('http_request_failed', 'timed out');
    }

    /** @dataProvider damages */
    public function testADamagedOptionFailsNeitherPagesNorTheDashboardNorSaves(string $option, $value): void
    {
        require_once ABSPATH . 'wp-admin/includes/admin.php';
        update_option($option, $value, true);
        Schema::ensure();
        Policy::ensureSent();
        ob_start();
        Page::printScripts();
        wp_set_current_user(1);
        set_current_screen('dashboard');
        AdminNotices::show();
        PauseNotice::show();
        Settings::show();
        $page = ob_get_clean();
        $this->assertStringContainsString('class="wrap peerpress"', $page);
        SiteHealth::cron();
        $id = wp_insert_post(['post_title' => 'In spite of it', 'post_status' => 'publish']);
        $this->assertGreaterThan(0, $id);
        Backfill::some(['kind' => PostSearch::CHILDREN, 'id' => $id]);
        Repair::check();
        Backfill::run();
        Delivery::run();
        Policy::changed();
        $this->assertContains(Assistance::mode(), [Assistance::FULL, Assistance::SEEDS_ONLY, Assistance::OFF]);
        $this->assertNotNull(Connection::stored());
    }

    public function testWithADamagedChoiceReadersDoNotHelpEachOtherAndTheOwnerIsAsked(): void
    {
        wp_set_current_user(1);
        foreach (['x', ['mode' => 'fulll'], ['control' => '5 %']] as $damaged) {
            update_option('peerpress_assistance', $damaged);
            $this->assertSame(Assistance::OFF, Assistance::mode());
            ob_start();
            AdminNotices::show();
            $this->assertStringContainsString('Save them again', ob_get_clean());
        }
    }

    public function damages(): array
    {
        $object = (object) ['a' => 'b'];
        $values = ['text' => 'x', 'list' => [['x']], 'number' => -7, 'object' => $object, 'empty' => ''];
        $fields = [
            'assistance' => ['mode', 'control'],
            'policy' => ['taken', 'failures'],
            'delivery' => ['code', 'error', 'clockError', 'since', 'until', 'failures', 'batch', 'singlesUntil'],
        ];
        $cases = [];
        foreach (['assistance', 'policy', 'delivery', 'checked', 'schema', 'search_all_0', 'search_x_1'] as $name) {
            foreach ($values as $kind => $value) {
                $cases["$name: $kind"] = ["peerpress_$name", $value];
                foreach ($fields[$name] ?? [] as $field) {
                    // A pause is one by its code.
                    $whole = 'delivery' === $name ? ['code' => 'silence'] : [];
                    $cases["$name, $field: $kind"] = ["peerpress_$name", [$field => $value] + $whole];
                }
            }
        }
        foreach (['{}', '{"kind":"all","id":0}', '{"kind":[],"after":[],"due":[],"until":{}}'] as $json) {
            $cases["a search: $json"] = ['peerpress_search_all_0', $json];
        }
        return $cases;
    }
}
