// Compiles src/ and commands/ into build/, bundles that into dist/ and writes oclif's manifest. Two folders, because a program of 700
// small files takes half a second to load, and tests want each file by itself. `--clean` starts from nothing.
import {spawnSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Plugin} from '@oclif/core'
import {build} from 'esbuild'

/** What is imported by its address: by oclif, bin/run.js and other programs, and by child processes, whose tasks are modules. */
const ENTRIES = ['commands/*.js', 'src/cli/main.js', 'src/index.js', 'src/runtime/child/child.js', 'src/**/*-task.js']

/** Packages with native code, and the one whose files look for each other; all others are bundled. */
const INSTALLED = ['onnxruntime-node', 'sharp', '@oclif/core']

const LICENCES = 'THIRD-PARTY-LICENSES.txt'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

if (process.argv.includes('--clean')) rmSync('build', {recursive: true, force: true})
removeOrphans('build')
run('typescript/bin/tsc', ['-p', 'tsconfig.json'])
await bundle()
await writeLibrary()
await writeManifest()

/** Removes compiled files of sources that no longer exist. */
function removeOrphans(folder) {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder, {recursive: true})) {
    if (!name.endsWith('.js') || existsSync(name.replace(/\.js$/, '.ts'))) continue
    rmSync(join(folder, name))
  }
}

function run(program, args) {
  const {status} = spawnSync(process.execPath, [join('node_modules', program), ...args], {stdio: 'inherit'})
  if (status !== 0) process.exit(status ?? 1)
}

/** Into dist/, whose other files are of an earlier build: every file in dist/commands is a command. */
async function bundle() {
  const {metafile} = await build({
    entryPoints: ENTRIES.map((entry) => join('build', entry)),
    outbase: 'build',
    outdir: 'dist',
    // as deep as the sources that name a child's module
    chunkNames: 'src/chunks/shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: INSTALLED,
    // of packages written for CommonJS, which ask for Node's own modules that way
    banner: {js: "import {createRequire as requireOf} from 'node:module';const require = requireOf(import.meta.url)"},
    legalComments: 'none',
    metafile: true,
  })
  writeFileSync(join('dist', LICENCES), licencesOf(Object.keys(metafile.inputs)))
  const written = new Set(Object.keys(metafile.outputs).map((path) => relative('dist', path)))
  for (const entry of readdirSync('dist', {recursive: true, withFileTypes: true})) {
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (entry.isFile() && !written.has(relative('dist', path)) && entry.name !== LICENCES) rmSync(path)
  }
}

/** The licences of the packages that are inside the bundle. @param inputs paths of bundled files. */
function licencesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))
  const texts = [...folders].sort().map((folder) => {
    const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8') : ''}`
  })
  return texts.join(`\n\n${'-'.repeat(80)}\n\n`)
}

/** What others compile and validate against: the declarations, and the JSON Schemas of options and results. */
async function writeLibrary() {
  copyFileSync('test/golden/index.d.ts', 'dist/index.d.ts')
  mkdirSync('dist/schemas', {recursive: true})
  const {optionSchemas, resultSchemas} = await import('../build/src/options/json-schemas.js')
  for (const [name, schema] of Object.entries({...optionSchemas(), ...resultSchemas()})) {
    writeFileSync(`dist/schemas/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`)
  }
}

/** With the manifest, `mopt VERB` loads that verb only, and `mopt --help` none. */
async function writeManifest() {
  rmSync('oclif.manifest.json', {force: true})
  const plugin = new Plugin({errorOnManifestCreate: true, ignoreManifest: true, respectNoCacheDefault: true, root})
  await plugin.load()
  writeFileSync('oclif.manifest.json', `${JSON.stringify(plugin.manifest, null, 2)}\n`)
}
