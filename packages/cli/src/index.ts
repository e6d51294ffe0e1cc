export { chromiumPath, launchChromium } from './chromium.ts'
export { repositoryDirectory } from './repository.ts'
export { sampleDirectory, sampleMedia, samplePostId, startSampleSite } from './demo/sample-site.ts'
