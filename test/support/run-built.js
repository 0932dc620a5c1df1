import {existsSync} from 'node:fs'
import {register} from 'node:module'
import {isMainThread} from 'node:worker_threads'
import 'tsx'

/*
 * For `npm test`, which builds first: tests are TypeScript, what they test is what was built. A child process that runs a model
 * starts four times as fast from build/, and there are hundreds.
 */
const root = new URL('../../', import.meta.url).href
const source = /^(src|commands)\/(.+)\.ts$/

/** Of a file of the product, what was built from it. */
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  const [, folder, file] = found.url.startsWith(root) ? (source.exec(found.url.slice(root.length)) ?? []) : []
  const built = new URL(`build/${folder}/${file}.js`, root)
  return file !== undefined && existsSync(built) ? {url: built.href, format: 'module', shortCircuit: true} : found
}

if (isMainThread) {
  register(import.meta.url)
  // mocha would `require` the tests, past the hook above
  Object.defineProperty(process.features, 'require_module', {value: false})
  // child processes inherit the arguments: they are to be plain Node
  process.execArgv.length = 0
}
