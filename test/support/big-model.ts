import {closeSync, openSync, writeFileSync, writeSync} from 'node:fs'
import {basename} from 'node:path'
import {create, toBinary} from '@bufbuild/protobuf'
import {GraphProtoSchema, ModelProtoSchema, TensorProtoSchema} from 'onnx-buf'
import {FLOAT, type ForeignGraph, foreignModel, port} from './foreign-model.js'

/** A chain of MatMul layers, each `[width, width]` float32 with the same contents. */
export interface BigModel {
  readonly layers: number
  readonly width: number
}

const GRAPH_FIELD = 7
const INITIALIZER_FIELD = 5
const RAW_DATA_FIELD = 9
const BLOCK = 2

/** The contents of one layer: pseudo-random, with a variance that keeps the activations of a deep chain in range. */
export function layerWeights({width}: BigModel): Float32Array {
  const weights = new Float32Array(width * width)
  const range = 2 * Math.sqrt(3 / width)
  let state = 1
  for (let index = 0; index < weights.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    weights[index] = (state / 2 ** 32 - 0.5) * range
  }
  return weights
}

/** The model with its weights in `<path>.data`. */
export function writeBigExternal(path: string, model: BigModel): void {
  const weights = bytesOf(layerWeights(model))
  const data = openSync(`${path}.data`, 'w')
  const initializer = tensorHeaders(model).map((header, index) => {
    writeAll(data, weights)
    const place = {location: `${basename(path)}.data`, offset: `${index * weights.length}`, length: `${weights.length}`}
    const externalData = Object.entries(place).map(([key, value]) => ({key, value}))
    return {...header, dataLocation: 1, externalData}
  })
  closeSync(data)
  writeFileSync(path, foreignModel({...chain(model), initializer}))
}

/** The model in one file, written piece by piece: no library encodes 1.9 GB in one go. */
export function writeBigInside(path: string, model: BigModel): void {
  const weights = bytesOf(layerWeights(model))
  const frame = toBinary(ModelProtoSchema, create(ModelProtoSchema, {irVersion: 8n, opsetImport: [{version: 17n}]}))
  const graph = toBinary(GraphProtoSchema, create(GraphProtoSchema, chain(model)))
  const starts = tensorHeaders(model).map((header) => {
    const tensor = toBinary(TensorProtoSchema, create(TensorProtoSchema, header))
    const contents = Buffer.concat([tensor, opening(RAW_DATA_FIELD, weights.length)])
    return Buffer.concat([opening(INITIALIZER_FIELD, contents.length + weights.length), contents])
  })
  const graphBytes = starts.reduce((sum, start) => sum + start.length + weights.length, graph.length)
  const file = openSync(path, 'w')
  for (const part of [frame, opening(GRAPH_FIELD, graphBytes), graph]) writeAll(file, part)
  for (const start of starts) for (const part of [start, weights]) writeAll(file, part)
  closeSync(file)
}

function chain({layers, width}: BigModel): ForeignGraph {
  const node = Array.from({length: layers}, (_, index) => {
    const output = index === layers - 1 ? 'y' : `h${index + 1}`
    return {
      opType: 'MatMul',
      name: `layer${index}`,
      input: [index === 0 ? 'x' : `h${index}`, `w${index}`],
      output: [output],
    }
  })
  return {name: 'big', input: [port('x', 1, width)], output: [port('y', 1, width)], node}
}

function tensorHeaders({layers, width}: BigModel): {name: string; dims: bigint[]; dataType: typeof FLOAT}[] {
  const dims = [BigInt(width), BigInt(width)]
  return Array.from({length: layers}, (_, index) => ({name: `w${index}`, dims, dataType: FLOAT}))
}

function opening(field: number, byteLength: number): Uint8Array {
  const bytes = [(field << 3) | BLOCK]
  let rest = byteLength
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Uint8Array.of(...bytes, rest)
}

function bytesOf(weights: Float32Array): Uint8Array {
  return new Uint8Array(weights.buffer)
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}
