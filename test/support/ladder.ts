/** Who may import whom. The linter's rules and `architecture.test.ts` are both made of this. */

/** Which folders each folder may import, besides itself and what everybody may. */
export const LADDER: Readonly<Record<string, readonly string[]>> = {
  proto: [],
  ir: [],
  metrics: [],
  report: [],
  results: [],
  options: [],
  cli: [],
  ops: ['ir'],
  io: ['proto', 'ir'],
  data: ['proto', 'ir'],
  facts: ['ops', 'ir'],
  passes: ['facts', 'ops', 'ir'],
  runtime: ['io', 'data', 'ir'],
  autodiff: ['ops', 'ir'],
  provenance: ['io', 'ir'],
  train: ['autodiff', 'runtime', 'data', 'metrics', 'facts', 'ir'],
  judge: ['runtime', 'data', 'metrics', 'facts', 'ops', 'io', 'ir'],
  bench: ['runtime', 'data', 'metrics', 'ir'],
  pipelines: [
    ...[
      'judge',
      'passes',
      'train',
      'bench',
      'facts',
      'provenance',
      'runtime',
      'report',
      'data',
      'io',
      'ops',
      'metrics',
    ],
    'ir',
  ],
}

/** What everybody may import: `errors.ts`, `effects.ts`, and the folders that are data. */
export const EVERYBODYS = ['errors.ts', 'effects.ts', 'results.ts', 'options', 'results']

/** What `commands/` and `src/index.ts` may import. */
export const FACES: Readonly<Record<string, readonly string[]>> = {
  commands: ['cli', 'pipelines'],
  'src/index.ts': ['pipelines'],
}

/** Packages that only some folders may import, and why. */
export const OWNERS: Readonly<Record<string, {readonly folders: readonly string[]; readonly why: string}>> = {
  protobufjs: {folders: ['src/proto'], why: 'Only src/proto reads and writes protobuf.'},
  'onnxruntime-node': {folders: ['src/runtime'], why: 'Only src/runtime runs models, in child processes.'},
  '@oclif/core': {folders: ['src/cli', 'commands'], why: 'Only src/cli, commands and bin know oclif.'},
}

/** What each folder is for, as far as it limits what it may import. */
const PURPOSES: Readonly<Record<string, string>> = {
  proto: 'knows the wire format',
  ir: 'is the bottom of the house',
  metrics: 'takes arrays and gives a number',
  report: 'prints results',
  results: 'is data',
  options: 'is data',
  cli: 'knows the terminal',
  ops: 'knows operators and the graph',
  io: 'turns files into models',
  data: 'turns files into batches',
  facts: 'turns a model into numbers and tables',
  passes: 'is graph to graph; what else it needs arrives as an argument',
  runtime: 'runs models in child processes',
  autodiff: 'writes gradients into graphs',
  provenance: 'says how a file was made',
  train: 'trains',
  judge: 'says what an output means and what is kept of it',
  bench: 'measures',
  pipelines: 'is below the command line',
}

interface LayerRule {
  readonly includes: readonly string[]
  readonly linter: {readonly rules: {readonly style: Readonly<Record<string, unknown>>}}
}

/** The linter's restrictions, a rule for each folder. */
export function layerRules(): LayerRule[] {
  const folders = Object.keys(LADDER)
  const rungs = folders.map((folder) => {
    const allowed = LADDER[folder] ?? []
    const open = ['options', 'results', folder, ...allowed]
    const group = [...folders, 'commands'].filter((name) => !open.includes(name)).map((name) => `**/${name}/**`)
    const message = `src/${folder} ${PURPOSES[folder]}: it may import ${allowed.join(', ') || 'nothing of ours'}.`
    return ruleOf(`src/${folder}`, [`src/${folder}/**`], {group, message})
  })
  const faces = Object.entries(FACES).map(([face, allowed]) => {
    const group = folders
      .filter((name) => !['options', 'results', ...allowed].includes(name))
      .flatMap((name) => [`../src/${name}/**`, `./${name}/**`])
    const message = `${face} is a face: it may import ${allowed.join(' and ')}.`
    return ruleOf(face, [face === 'commands' ? 'commands/**' : face], {group, message})
  })
  return [...rungs, ...faces]
}

function ruleOf(owner: string, includes: readonly string[], pattern: {group: string[]; message: string}): LayerRule {
  const foreign = Object.entries(OWNERS).filter(([, {folders}]) => !folders.includes(owner))
  const paths = Object.fromEntries(foreign.map(([name, {why}]) => [name, why]))
  const noRestrictedImports = {level: 'error', options: {paths, patterns: [pattern]}}
  const style = owner === 'commands' ? {noDefaultExport: 'off', noRestrictedImports} : {noRestrictedImports}
  return {includes, linter: {rules: {style}}}
}

interface BiomeSettings {
  readonly overrides: readonly {readonly includes: readonly string[]; readonly linter: {readonly rules: object}}[]
}

/** The linter's settings with the restrictions in the place of those that are there. */
export function withLayers(settings: BiomeSettings): BiomeSettings {
  const others = settings.overrides.filter(({linter}) => !JSON.stringify(linter).includes('noRestrictedImports'))
  return {...settings, overrides: [...layerRules(), ...others]}
}
