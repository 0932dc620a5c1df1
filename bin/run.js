#!/usr/bin/env node
import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'

const argv = process.argv.slice(2)
const root = fileURLToPath(new URL('..', import.meta.url))

// The version is asked for by scripts: it does not load the command line.
if (argv.length === 1 && ['--version', '-V'].includes(argv[0])) {
  const {version} = createRequire(import.meta.url)('../package.json')
  process.stdout.write(`mopt ${version} (${process.platform}-${process.arch}, node ${process.version})\n`)
} else {
  const {main} = await import('../dist/src/cli/main.js')
  process.exit(await main(argv, {root}))
}
