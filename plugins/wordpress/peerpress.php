<?php

/**
 * Plugin Name:       PeerPress
 * Description:       Readers of a post help each other load its pictures, videos and downloads, and you see what every reader experienced.
 * Version:           0.2.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            The PeerPress contributors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       peerpress
 *
 * This program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public
 * License as published by the Free Software Foundation; either version 2 of the License, or (at your option) any
 * later version. It is distributed in the hope that it will be useful, but WITHOUT ANY WARRANTY; without even the
 * implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE. See the file LICENSE.
 */

namespace PeerPress;

use PeerPress\Admin\AdminNotices;
use PeerPress\Admin\Community;
use PeerPress\Admin\Briefs;
use PeerPress\Admin\PauseNotice;
use PeerPress\Admin\Receipts;
use PeerPress\Admin\Settings;
use PeerPress\Admin\SiteHealth;
use PeerPress\Delivery\CronRequest;
use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Repair;
use PeerPress\Delivery\Schema;
use PeerPress\Editorial\Commands;
use PeerPress\Editorial\PageFields;
use PeerPress\Editorial\PostPanel;
use PeerPress\Page\Assistance;
use PeerPress\Page\ConsentApi;
use PeerPress\Page\Page;
use PeerPress\Page\PageCaches;
use PeerPress\Page\VideoPreload;
use PeerPress\Page\Worker;
use PeerPress\Posts\Backfill;
use PeerPress\Posts\PostEvents;
use PeerPress\Posts\PostSwitch;
use PeerPress\Posts\SharedContent;
use PeerPress\Server\Challenges;
use PeerPress\Server\ConnectFlow;
use PeerPress\Server\HomeCheck;
use PeerPress\Server\MemberProof;
use PeerPress\Server\PartVersions;
use PeerPress\Server\Policy;

defined('ABSPATH') || exit;

const VERSION = '0.2.0';
const FILE = __FILE__;

require_once __DIR__ . '/includes/autoload.php';

register_activation_hook(FILE, [Lifecycle::class, 'activate']);
register_deactivation_hook(FILE, [Lifecycle::class, 'deactivate']);

Schema::init();
PostEvents::init();
SharedContent::init();
Delivery::init();
CronRequest::init();
Backfill::init();
Repair::init();
PauseNotice::init();
Worker::init();
Page::init();
VideoPreload::init();
ConsentApi::init();
Assistance::init();
Policy::init();
PartVersions::init();
PageCaches::init();
PostSwitch::init();
Receipts::init();
Community::init();
Briefs::init();
SiteHealth::init();
HomeCheck::init();
AdminNotices::init();
Settings::init();
ConnectFlow::init();
Challenges::init();
MemberProof::init();
Commands::init();
PageFields::init();
PostPanel::init();
