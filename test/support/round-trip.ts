import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {verify} from '../../src/ir/verify.js'
import {modelDifference} from './model-difference.js'

/** Reads a model and writes it. @returns what the graph or the copy gets wrong; undefined when nothing is. */
export async function roundTripFault(path: string): Promise<string | undefined> {
  const {model, close} = await openModel(path, {keepInitializerInputs: true})
  try {
    return verify(model.graph)[0] ?? modelDifference(readFileSync(path), encodeModel(model))
  } finally {
    close()
  }
}

/** All ONNX files in a folder and below, sorted. */
export function modelsIn(folder: string): string[] {
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.onnx'))
  return names.sort().map((name) => join(folder, name))
}
