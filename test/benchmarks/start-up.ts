import {spawnSync} from 'node:child_process'
import {median} from 'simple-statistics'

const ROUNDS = 15
const LIMIT = 5

/** Median wall milliseconds of each command, the commands taking turns. */
function wallMs(commands: readonly (readonly string[])[]): number[] {
  const times = commands.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    commands.forEach((args, index) => {
      const start = performance.now()
      spawnSync(process.execPath, args, {stdio: 'ignore'})
      times[index]?.push(performance.now() - start)
    })
  }
  return times.map((samples) => median(samples))
}

const [node = 0, version = 0, help = 0, inspect = 0] = wallMs([
  ['-e', '0'],
  ['bin/run.js', '--version'],
  ['bin/run.js', '--help'],
  ['bin/run.js', 'inspect', 'fixtures/models/cnn_fm.onnx'],
])
const ratio = version / node
process.stdout.write(`node -e 0        ${node.toFixed(0)} ms\n`)
process.stdout.write(`mopt --version   ${version.toFixed(0)} ms, ${ratio.toFixed(2)} x (limit ${LIMIT} x)\n`)
process.stdout.write(`mopt --help      ${help.toFixed(0)} ms\n`)
process.stdout.write(`mopt inspect cnn ${inspect.toFixed(0)} ms\n`)
process.exit(ratio <= LIMIT ? 0 : 1)
