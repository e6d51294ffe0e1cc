export {
  type NpmRegistry,
  startNpmRegistry,
  unreachableRegistry,
  withNpmRegistry,
} from './npm-registry.testing.ts'
export { tinyGguf } from './tiny-gguf.testing.ts'
