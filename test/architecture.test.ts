import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join, normalize, sep} from 'node:path'
import {expect} from 'chai'
import {EVERYBODYS, FACES, LADDER, OWNERS, withLayers} from './support/ladder.js'

const LINES_LIMIT = 300
const LINES_LIMIT_OF_TESTS = 500

describe('architecture', () => {
  const everybodys = EVERYBODYS.map((name) => `src/${name}`)
  const rungs = Object.entries(LADDER).map(([name, below]) => [`src/${name}`, below] as const)
  for (const [rung, below] of [...rungs, ...Object.entries(FACES)]) {
    it(`${rung} imports only ${['itself', ...below].join(', ')}`, () => {
      const allowed = [rung, ...below.map((name) => `src/${name}`), ...everybodys]
      for (const file of rung.endsWith('.ts') ? [rung] : sourcesIn(rung)) {
        for (const target of importsOf(file)) {
          if (target.startsWith('.')) expect(allowed, `${file} -> ${target}`).to.include(rungOf(file, target))
        }
      }
    })
  }

  for (const [name, {folders}] of Object.entries(OWNERS)) {
    it(`only ${folders.join(' and ')} import ${name}`, () => {
      const importers = [...sourcesIn('src'), ...sourcesIn('commands')].filter((file) =>
        importsOf(file).some((target) => target === name || target.startsWith(`${name}/`)),
      )
      for (const file of importers) expect(folders, file).to.include(rungOf('.', `./${file}`))
    })
  }

  it('has the same rules for the linter (npm run golden writes them)', () => {
    const settings = JSON.parse(readFileSync('biome.json', 'utf8'))
    expect(settings.overrides).to.deep.equal(withLayers(settings).overrides)
  })

  it('has every folder of src on the ladder', () => {
    const folders = readdirSync('src', {withFileTypes: true}).filter((entry) => entry.isDirectory())
    for (const {name} of folders) expect(Object.keys(LADDER)).to.include(name)
  })

  it(`keeps files within ${LINES_LIMIT} lines, tests within ${LINES_LIMIT_OF_TESTS}`, () => {
    for (const folder of ['src', 'commands', 'test']) {
      const limit = folder === 'test' ? LINES_LIMIT_OF_TESTS : LINES_LIMIT
      for (const file of sourcesIn(folder)) {
        expect(readFileSync(file, 'utf8').split('\n').length, file).to.be.at.most(limit + 1)
      }
    }
  })

  it('has one circle of imports, types included: the graph, its nodes, values and attributes', () => {
    const idea = ['attribute', 'graph', 'node', 'value'].map((name) => `src/ir/${name}.ts`)
    expect(circlesIn(sourcesIn('src'))).to.deep.equal([idea])
  })

  it('keeps what is asked of ONNX Runtime in a folder each', () => {
    const files = readdirSync('src/runtime', {withFileTypes: true}).filter((entry) => entry.isFile())
    expect(files.map(({name}) => name)).to.deep.equal([])
  })

  it('names files in kebab-case', () => {
    for (const file of sourcesIn('src')) expect(file).to.match(/^[a-z0-9/-]+\.ts$/)
  })

  it('exports by name, commands excepted', () => {
    for (const file of sourcesIn('src')) expect(readFileSync(file, 'utf8'), file).not.to.match(/^export default/m)
  })
})

function sourcesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'})
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name).split(sep).join('/'))
}

/** What follows `from`, or stands in `import(...)` and bare `import '...'`. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm)].map((match) => match[1] ?? '')
}

/** Files that reach each other by imports, of values or of types, as sorted groups (Tarjan 1972). */
function circlesIn(files: readonly string[]): string[][] {
  const order = new Map<string, number>()
  const path: string[] = []
  const circles: string[][] = []
  /** @returns the place of the earliest file on the path that this one leads back to. */
  const visit = (file: string): number => {
    const place = order.size
    order.set(file, place)
    path.push(file)
    let earliest = place
    for (const target of importsOf(file)) {
      const next = target.startsWith('.') ? fileOf(file, target) : ''
      if (!files.includes(next)) continue
      if (!order.has(next)) earliest = Math.min(earliest, visit(next))
      else if (path.includes(next)) earliest = Math.min(earliest, order.get(next) as number)
    }
    if (earliest === place) {
      const group = path.splice(path.indexOf(file))
      if (group.length > 1) circles.push(group.sort())
    }
    return earliest
  }
  for (const file of files) if (!order.has(file)) visit(file)
  return circles
}

function fileOf(importer: string, target: string): string {
  return join(dirname(importer), target).split(sep).join('/').replace(/\.js$/, '.ts')
}

/** `src/<folder>` or `commands` of an imported file; the file itself when it lies directly in src. */
function rungOf(importer: string, target: string): string {
  const from = importer === '.' ? '.' : dirname(importer)
  const path = normalize(join(from, target)).split(sep).join('/').replace(/\.js$/, '.ts')
  const parts = path.split('/')
  return parts[0] === 'commands' ? 'commands' : parts.slice(0, 2).join('/')
}
