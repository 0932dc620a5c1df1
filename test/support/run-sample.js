// The command line with the sample verbs of test/support/commands in place of mopt's own: wait, fail, result.
import {fileURLToPath} from 'node:url'
import {Plugin, settings} from '@oclif/core'
import {main} from '../../src/cli/main.ts'

settings.enableAutoTranspile = false
const root = fileURLToPath(new URL('../..', import.meta.url))
const pjson = {name: 'sample', version: '0.0.0', oclif: {bin: 'mopt', commands: './test/support/commands'}}
const plugin = new Plugin({isRoot: true, ignoreManifest: true, root, pjson})
await plugin.load()
process.exit(await main(process.argv.slice(2), {root, plugins: [plugin]}))
