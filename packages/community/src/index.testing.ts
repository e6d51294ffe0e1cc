export { createMemberWeb, signedManifest } from './member-web.testing.ts'
export { openTestCommunity, type TestCommunity } from './test-community.testing.ts'
