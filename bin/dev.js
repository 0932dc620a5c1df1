#!/usr/bin/env -S node --import tsx
// The command line straight from the TypeScript sources, without a build.
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {Plugin, settings} from '@oclif/core'
import {main} from '../src/cli/main.ts'

// oclif would look for the compiler to read tsconfig.json, and run dist/ when it finds no interface it knows.
settings.enableAutoTranspile = false
const root = fileURLToPath(new URL('..', import.meta.url))
const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
pjson.oclif.commands = './commands'
// A manifest of an earlier build must not hide a new flag.
const plugin = new Plugin({isRoot: true, ignoreManifest: true, root, pjson})
await plugin.load()
process.exit(await main(process.argv.slice(2), {root, plugins: [plugin]}))
