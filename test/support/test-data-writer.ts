import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import onnxProto from 'onnx-proto'
import type {Feeds} from './pass-trial.js'

const {TensorProto} = onnxProto.onnx
/** Numbers of TensorProto.DataType. */
const TYPES: Readonly<Record<string, number>> = {float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9}

/**
 * Writes samples as ONNX's own test data: `test_data_set_0/input_0.pb` and so on, encoded by a foreign writer.
 * @returns the folder.
 */
export function writeTestData(folder: string, samples: readonly Feeds[]): string {
  samples.forEach((feeds, number) => {
    const set = join(folder, `test_data_set_${number}`)
    mkdirSync(set, {recursive: true})
    Object.entries(feeds).forEach(([name, {type, dims, data}], index) => {
      const {buffer, byteOffset, byteLength} = data as Float32Array
      const rawData = new Uint8Array(buffer, byteOffset, byteLength)
      const message = TensorProto.create({name, dims: [...dims], dataType: TYPES[type] ?? 0, rawData})
      writeFileSync(join(set, `input_${index}.pb`), TensorProto.encode(message).finish())
    })
  })
  return folder
}
