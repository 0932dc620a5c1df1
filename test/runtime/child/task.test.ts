import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, normalize, resolve, sep} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect} from 'chai'
import {type RuntimeChild, startChild} from '../../../src/runtime/child/start-child.js'
import {task} from '../../../src/runtime/child/task.js'
import {errorOf} from '../../support/data-reading.js'

/** How sources name a task: the type of its function, its module, its name. */
const HANDLE = /\btask<([^(>]*(?:\([^)]*\)[^>]*)?)>\(\s*'([^']+)',\s*'([^']+)'/g

interface Handle {
  readonly file: string
  readonly type: string
  readonly module: string
  readonly name: string
}

describe('task', () => {
  let child: RuntimeChild | undefined
  afterEach(() => child?.close())

  it('is named by the module that its type is of, and by the name of that function', () => {
    const handles = handlesIn('src')
    expect(handles.map(({module}) => `src/${module}.ts`)).to.include.members(taskModules())
    for (const {file, type, module, name} of handles) {
      const imported = [...readFileSync(file, 'utf8').matchAll(/typeof import\('([^']+)'\)/g)]
      const modules = imported.map(([, path]) =>
        normalize(join(dirname(file), path ?? ''))
          .split(sep)
          .join('/'),
      )
      expect(modules, file).to.include(`src/${module}.js`)
      expect(type, file).to.match(new RegExp(`(\\.${name}|\\['${name}'\\])$`))
    }
  })

  it('is a module of its own in the package, which exports the function', () => {
    const modules = [...new Set(handlesIn('src').map(({module}) => module))]
    const urls = modules.map((module) => pathToFileURL(`dist/src/${module}.js`).href)
    const program = `console.log(JSON.stringify(await Promise.all(${JSON.stringify(urls)}.map(async (url) => Object.keys(await import(url))))))`
    const {stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '-e', program], {encoding: 'utf8'})
    expect(stderr).to.equal('')
    const exported = new Map((JSON.parse(stdout) as string[][]).map((names, i) => [modules[i], names]))
    for (const {module, name} of handlesIn('src')) expect(exported.get(module), module).to.include(name)
  })

  it('loads for timing a model neither protobuf nor the code that reads data', () => {
    const loaded = sourcesLoadedBy('dist/src/runtime/time/time-task.js')
    expect(loaded).to.include('build/src/runtime/time/time-task.js')
    const reads = /\bprotobufjs\b|^build\/src\/(proto|io|data\/(open-data|arrays|bytes|images|tables))\b/
    expect(loaded.filter((path) => reads.test(path))).to.deep.equal([])
    // the same look at what does read files finds it
    expect(sourcesLoadedBy('dist/src/train/loop/train-task.js').filter((path) => reads.test(path))).to.not.be.empty
  })

  it('is a bug when its module has no such function', async () => {
    child = startChild('asking')
    const missing = task<() => undefined>('runtime/time/time-task', 'dance')
    const error = await errorOf(child.request(missing, undefined))
    expect(error.code).to.equal('BUG')
    expect(error.message).to.match(/time-task\.[jt]s exports no function 'dance'$/)
  })
})

function taskModules(): string[] {
  return sourcesIn('src').filter((file) => file.endsWith('-task.ts'))
}

function handlesIn(folder: string): Handle[] {
  return sourcesIn(folder).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(HANDLE)].map(([, type = '', module = '', name = '']) => {
      return {file, type, module, name}
    }),
  )
}

function sourcesIn(folder: string): string[] {
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'})
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name).split(sep).join('/'))
}

/** What the bundler put into a file and into all that it imports at once: it writes the path of each source in front. */
function sourcesLoadedBy(file: string, seen = new Set<string>()): string[] {
  seen.add(resolve(file))
  const text = readFileSync(file, 'utf8')
  const own = [...text.matchAll(/^\/\/ ((?:build|node_modules)\/.+)$/gm)].map(([, path]) => path ?? '')
  const imports = [...text.matchAll(/^(?:import|\} from) ?"(\.[^"]+)";$/gm)].map(([, path]) =>
    join(dirname(file), path ?? ''),
  )
  return [...own, ...imports.filter((path) => !seen.has(resolve(path))).flatMap((path) => sourcesLoadedBy(path, seen))]
}
