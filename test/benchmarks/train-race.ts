/**
 * Steps of training against PyTorch (Debian's python3-torch, with libopenblas0-pthread to be fair): same nets, batch, optimizer (Adam) and threads, turn by turn.
 * Data is made up and stays the same: what counts is forward, backward and update. Each side runs in a process of its own. On a busy
 * machine the ratio of CPU times says more than that of samples per second.
 *   npx tsx test/benchmarks/train-race.ts [NET...] [--threads 1] [--rounds 7] [--profile] [--plain]
 */
import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {parseArgs} from 'node:util'
import {median} from 'simple-statistics'

/** The batch, and how many steps make a turn: about a third of a second for each net. */
const NETS: Readonly<Record<string, {readonly batch: number; readonly steps: number}>> = {
  mlp_fm: {batch: 64, steps: 200},
  cnn_fm: {batch: 64, steps: 12},
  lstm_spam: {batch: 32, steps: 6},
  bert_spam: {batch: 32, steps: 6},
  resnet8_fm_bn: {batch: 64, steps: 6},
  mobile_fm_bn: {batch: 64, steps: 4},
}

interface Turn {
  readonly cpuMs: number
  readonly wallMs: number
}

/** A process that trains, and answers lines with lines. */
interface Racer {
  readonly hello: number
  turn(steps: number): Promise<Turn>
  memoryMb(): Promise<number>
  profile(): Promise<void>
  close(): void
}

const {values: flags, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    threads: {type: 'string', default: '1'},
    rounds: {type: 'string', default: '7'},
    profile: {type: 'boolean', default: false},
    plain: {type: 'boolean', default: false},
  },
})

console.log(
  '| net | batch | mopt ms/step | PyTorch | samples/s ratio | CPU ms mopt | PyTorch | ratio | session s | step MB | PyTorch MB |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|')
for (const net of positionals.length > 0 ? positionals : Object.keys(NETS)) await race(net)

async function race(net: string): Promise<void> {
  const {batch, steps} = NETS[net] as {batch: number; steps: number}
  const rest = [net, flags.threads, String(batch)]
  const layout = flags.plain ? 'plain' : 'blocked'
  const mopt = await start(process.execPath, ['--import', 'tsx', 'test/benchmarks/train-race-step.ts', ...rest, layout])
  const torch = await start('/usr/bin/python3', ['test/benchmarks/train-race.py', ...rest])
  const turns: {mopt: Turn[]; torch: Turn[]} = {mopt: [], torch: []}
  // the first turn warms up
  for (let round = 0; round <= Number(flags.rounds); round++) {
    const [ours, theirs] = [await mopt.turn(steps), await torch.turn(steps)]
    if (round === 0) continue
    turns.mopt.push(ours)
    turns.torch.push(theirs)
  }
  const of = (list: readonly Turn[], key: keyof Turn): number => median(list.map((turn) => turn[key]))
  const [ours, theirs] = [of(turns.mopt, 'wallMs'), of(turns.torch, 'wallMs')]
  const ratioOf = (key: keyof Turn): number =>
    median(turns.mopt.map((turn, round) => (turns.torch[round]?.[key] ?? 0) / turn[key]))
  const memory = [await mopt.memoryMb(), await torch.memoryMb()].map((mb) => mb.toFixed(0))
  const cpu = [of(turns.mopt, 'cpuMs'), of(turns.torch, 'cpuMs'), ratioOf('cpuMs')]
  const times = [ours, theirs, ratioOf('wallMs'), ...cpu, mopt.hello / 1000]
  console.log(`| ${[net, batch, ...times.map((value) => value.toFixed(2)), ...memory].join(' | ')} |`)
  if (flags.profile) await mopt.profile()
  for (const racer of [mopt, torch]) racer.close()
}

async function start(command: string, args: readonly string[]): Promise<Racer> {
  const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']})
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const {value, done} = await lines.next()
    if (done) throw new Error(`${command} ${args.join(' ')}: ended early`)
    return value
  }
  const ask = async (question: string): Promise<number[]> => {
    child.stdin.write(`${question}\n`)
    return (await next()).split(' ').map(Number)
  }
  return {
    hello: Number(await next()),
    async turn(steps) {
      const [cpuMs = Number.NaN, wallMs = Number.NaN] = await ask(String(steps))
      return {cpuMs, wallMs}
    },
    memoryMb: async () => (await ask('memory'))[0] ?? Number.NaN,
    async profile() {
      child.stdin.write('profile\n')
      for (let line = await next(); line !== ''; line = await next()) console.log(line)
    },
    close: () => child.stdin.end(),
  }
}
