import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, normalize, sep} from 'node:path'
import {expect} from 'chai'

/** Which folders each folder may import, besides itself, src/errors.ts and src/results.ts. */
const LADDER: Readonly<Record<string, readonly string[]>> = {
  'src/proto': [],
  'src/ir': [],
  'src/metrics': [],
  'src/report': [],
  'src/results': [],
  'src/ops': ['src/ir'],
  'src/io': ['src/proto', 'src/ir'],
  'src/data': ['src/proto', 'src/ir'],
  'src/passes': ['src/ops', 'src/ir'],
  'src/runtime': ['src/io', 'src/data', 'src/ir'],
  'src/autodiff': ['src/ops', 'src/ir'],
  'src/train': ['src/autodiff', 'src/runtime', 'src/data', 'src/metrics', 'src/ir'],
  'src/judge': ['src/runtime', 'src/data', 'src/metrics', 'src/ops', 'src/io', 'src/ir'],
  'src/bench': ['src/runtime', 'src/data', 'src/metrics', 'src/ir'],
  'src/pipelines': ['io', 'ops', 'data', 'metrics', 'passes', 'train', 'runtime', 'judge', 'bench', 'report', 'ir'].map(
    (name) => `src/${name}`,
  ),
  'src/cli': [],
  commands: ['src/cli', 'src/pipelines'],
}

/** Packages that only some folders may import. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  protobufjs: ['src/proto'],
  'onnxruntime-node': ['src/runtime'],
  '@oclif/core': ['src/cli', 'commands'],
}

const LINES_LIMIT = 300
const LINES_LIMIT_OF_TESTS = 500

describe('architecture', () => {
  for (const [rung, below] of Object.entries(LADDER)) {
    it(`${rung} imports only ${['itself', ...below].join(', ')}`, () => {
      const allowed = [rung, ...below, 'src/errors.ts', 'src/results.ts']
      for (const file of sourcesIn(rung)) {
        for (const target of importsOf(file)) {
          if (target.startsWith('.')) expect(allowed, `${file} -> ${target}`).to.include(rungOf(file, target))
        }
      }
    })
  }

  for (const [name, owners] of Object.entries(OWNERS)) {
    it(`only ${owners.join(' and ')} import ${name}`, () => {
      const importers = [...sourcesIn('src'), ...sourcesIn('commands')].filter((file) =>
        importsOf(file).some((target) => target === name || target.startsWith(`${name}/`)),
      )
      for (const file of importers) expect(owners, file).to.include(rungOf('.', `./${file}`))
    })
  }

  it('has every folder of src on the ladder', () => {
    const folders = readdirSync('src', {withFileTypes: true}).filter((entry) => entry.isDirectory())
    for (const {name} of folders) expect(LADDER).to.have.property(`src/${name}`)
  })

  it(`keeps files within ${LINES_LIMIT} lines, tests within ${LINES_LIMIT_OF_TESTS}`, () => {
    for (const folder of ['src', 'commands', 'test']) {
      const limit = folder === 'test' ? LINES_LIMIT_OF_TESTS : LINES_LIMIT
      for (const file of sourcesIn(folder)) {
        expect(readFileSync(file, 'utf8').split('\n').length, file).to.be.at.most(limit + 1)
      }
    }
  })

  it('names files in kebab-case', () => {
    for (const file of sourcesIn('src')) expect(file).to.match(/^[a-z0-9/-]+\.ts$/)
  })

  it('exports by name, commands excepted', () => {
    for (const file of sourcesIn('src')) expect(readFileSync(file, 'utf8'), file).not.to.match(/^export default/m)
  })
})

function sourcesIn(folder: string): string[] {
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'})
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name).split(sep).join('/'))
}

/** What follows `from`, or stands in `import(...)` and bare `import '...'`. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm)].map((match) => match[1] ?? '')
}

/** `src/<folder>` or `commands` of an imported file; the file itself when it lies directly in src. */
function rungOf(importer: string, target: string): string {
  const from = importer === '.' ? '.' : dirname(importer)
  const path = normalize(join(from, target)).split(sep).join('/').replace(/\.js$/, '.ts')
  const parts = path.split('/')
  return parts[0] === 'commands' ? 'commands' : parts.slice(0, 2).join('/')
}
