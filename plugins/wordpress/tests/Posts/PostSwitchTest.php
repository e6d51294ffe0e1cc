<?php

namespace PeerPress\Tests\Posts;

use PeerPress\Posts\PostSwitch;
use PeerPress\Posts\Visibility;
use PeerPress\Tests\WordPressTestCase;

final class PostSwitchTest extends WordPressTestCase
{
    public function testTheRestApiTakesAPostOutAndBack(): void
    {
        $this->connect();
        wp_set_current_user(1);
        $id = wp_insert_post(['post_title' => 'Here or there', 'post_status' => 'publish']);
        foreach ([true, false] as $isOff) {
            $request = new \WP_REST_Request('POST', "/wp/v2/posts/$id");
            $request->set_body_params(['meta' => [PostSwitch::META => $isOff]]);
            $answer = rest_do_request($request);
            $this->assertSame(200, $answer->get_status());
            $this->assertSame($isOff, $answer->get_data()['meta'][PostSwitch::META]);
            $this->assertSame(! $isOff, Visibility::isPublic(get_post($id)));
        }
    }

    public function testAStrangerMayNotChangeIt(): void
    {
        $id = wp_insert_post(['post_title' => 'Not yours', 'post_status' => 'publish']);
        wp_set_current_user(0);
        $request = new \WP_REST_Request('POST', "/wp/v2/posts/$id");
        $request->set_body_params(['meta' => [PostSwitch::META => true]]);
        $this->assertSame(401, rest_do_request($request)->get_status());
        $this->assertFalse(PostSwitch::isOff(get_post($id)));
    }

    public function testAPostThatIsKeptOutIsAnnouncedWhenItNoLongerIs(): void
    {
        $this->connect();
        $id = wp_insert_post(['post_title' => 'Out', 'post_status' => 'draft']);
        update_post_meta($id, PostSwitch::META, true);
        wp_publish_post($id);
        $this->assertSame([], $this->outbox());
        delete_post_meta($id, PostSwitch::META);
        $this->assertSame('post.published', $this->outbox()[0]->type);
    }

    public function testASaveWithoutTheCheckboxLeavesItAlone(): void
    {
        $id = wp_insert_post(['post_title' => 'Still out', 'post_status' => 'publish']);
        update_post_meta($id, PostSwitch::META, true);
        wp_update_post(['ID' => $id, 'post_title' => 'Still out, changed']);
        $this->assertTrue(PostSwitch::isOff(get_post($id)));
    }
}
