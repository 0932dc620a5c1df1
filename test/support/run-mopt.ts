import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {createRequire} from 'node:module'
import {fileURLToPath, pathToFileURL} from 'node:url'

/** What a user sees of one run. */
export interface Outcome {
  /** Exit code; null when a signal ended the process. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Working folder; the repository's root when absent. */
  readonly cwd?: string
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Called with the process as soon as it runs, to send signals. */
  readonly onStart?: (child: ChildProcess) => void
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const root = fileURLToPath(new URL('../..', import.meta.url))
const built = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const samples = fileURLToPath(new URL('./run-sample.js', import.meta.url))
const sources = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))

/** Types `mopt <args>` as a user would: the built program where `npm run build` has made one, the sources otherwise. */
export function runMopt(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const isBuilt = existsSync(`${root}/oclif.manifest.json`)
  return runNode([...(isBuilt ? [built] : ['--import', tsx, sources]), ...args], options)
}

/** The same command line with the sample verbs of test/support/commands: wait, fail, result. */
export function runSample(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return runNode(['--import', tsx, samples, ...args], options)
}

function runNode(args: readonly string[], options: RunOptions): Promise<Outcome> {
  // A coverage tool or a debugging session of the tests must not change what the program prints.
  const {DEBUG: _debug, NODE_OPTIONS: _options, ...env} = process.env
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? root,
    env: {...env, ...options.env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const outcome = outcomeOf(child)
  options.onStart?.(child)
  return outcome
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const texts = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return {code, ...texts}
}

/** The one line of an error, without `mopt: error: `; fails when there is more or less than one line. */
export function errorLine({stderr}: Outcome): string {
  const lines = stderr.split('\n').filter(Boolean)
  if (lines.length !== 1 || !lines[0]?.startsWith('mopt: error: ')) {
    throw new Error(`expected one line that begins with "mopt: error: ", got:\n${stderr}`)
  }
  return lines[0].slice('mopt: error: '.length)
}
