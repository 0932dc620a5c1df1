// Compiles src/ and commands/ into dist/ and writes oclif's manifest. Compiled files whose source is gone are removed, because every
// file in dist/commands is a command. `--clean` starts from nothing.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Plugin} from '@oclif/core'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

if (process.argv.includes('--clean')) rmSync('dist', {recursive: true, force: true})
removeOrphans('dist')
run('typescript/bin/tsc', ['-p', 'tsconfig.json'])
await writeManifest()

/** Removes compiled files of sources that no longer exist. */
function removeOrphans(folder) {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder, {recursive: true})) {
    if (!name.endsWith('.js') || existsSync(name.replace(/\.js$/, '.ts'))) continue
    rmSync(join(folder, name))
    rmSync(join(folder, name.replace(/\.js$/, '.d.ts')), {force: true})
  }
}

function run(program, args) {
  const {status} = spawnSync(process.execPath, [join('node_modules', program), ...args], {stdio: 'inherit'})
  if (status !== 0) process.exit(status ?? 1)
}

/** With the manifest, `mopt VERB` loads that verb only, and `mopt --help` none. */
async function writeManifest() {
  rmSync('oclif.manifest.json', {force: true})
  const plugin = new Plugin({errorOnManifestCreate: true, ignoreManifest: true, respectNoCacheDefault: true, root})
  await plugin.load()
  writeFileSync('oclif.manifest.json', `${JSON.stringify(plugin.manifest, null, 2)}\n`)
}
