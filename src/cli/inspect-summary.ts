import type {InspectResult, Layer, Port} from '../results.js'
import {formatBytes, formatCount, formatPercent, formatShape} from './format.js'
import {bold, table} from './table.js'

/** What `inspect` prints for people. */
export function inspectSummary({model, layers}: InspectResult): string {
  const parts = [
    facts(model),
    ports('Inputs', model.inputs),
    ports('Outputs', model.outputs),
    section('Parameters', parameterTable(model.parameters)),
    section('Operators', table(['operator', 'nodes'], Object.entries(model.ops).map(row), {right: [1]})),
  ]
  if (layers) parts.push(section('Layers', layerTable(layers)))
  return parts.join('\n\n')
}

function facts(model: InspectResult['model']): string {
  const {count, sparsity} = model.parameters
  const compressed = model.compressedBytes === null ? '' : `, ${formatBytes(model.compressedBytes)} compressed`
  const opsets = Object.entries(model.opsets).map(([domain, version]) => `${domain} ${version}`)
  const rows = [
    ['model', model.path],
    ['size', `${formatBytes(model.sizeBytes)}${compressed}`],
    ['sha256', model.sha256 ?? 'not computed, see --full'],
    ['format', `IR ${model.irVersion}, opset ${opsets.join(', ')}`],
    ['producer', model.producer || 'unknown'],
    ['nodes', String(model.nodes)],
    ['parameters', `${formatCount(count)}${sparsity === null ? '' : `, ${formatPercent(sparsity)} zeros`}`],
    ['MACs', macsText(model)],
    ['quantization', model.quantization],
  ]
  return table(['', ''], rows)
}

function macsText({macs, inputs}: InspectResult['model']): string {
  if (macs !== null) return `${formatCount(macs)} at batch 1`
  const free = inputs.flatMap(({shape}) => shape?.slice(1) ?? []).find((size) => typeof size !== 'number')
  return free === undefined ? 'unknown' : `unknown, depends on ${free ?? 'free sizes'}: --dim ${free ?? 'NAME'}=64`
}

function ports(title: string, list: readonly Port[]): string {
  const rows = list.map(({name, dtype, shape}) => [name, dtype ?? 'unknown', formatShape(shape)])
  return section(title, table(['name', 'type', 'shape'], rows))
}

function parameterTable({byDtype}: InspectResult['model']['parameters']): string {
  return table(['type', 'elements'], Object.entries(byDtype).map(row), {right: [1]})
}

function layerTable(layers: readonly Layer[]): string {
  const rows = layers.map((layer) => [
    layer.node,
    layer.op,
    layer.dtype ?? '?',
    formatShape(layer.outputShape),
    layer.parameters === 0 ? '' : formatCount(layer.parameters),
    layer.bytes === 0 ? '' : formatBytes(layer.bytes),
    layer.macs === 0 ? '' : layer.macs === null ? '?' : formatCount(layer.macs),
    layer.sparsity === null ? '' : formatPercent(layer.sparsity),
  ])
  const head = ['node', 'operator', 'type', 'output', 'parameters', 'bytes', 'MACs', 'zeros']
  return table(head, rows, {right: [4, 5, 6, 7]})
}

function section(title: string, body: string): string {
  return `${bold(title)}\n${body}`
}

function row([name, count]: [string, number]): [string, string] {
  return [name, String(count)]
}
