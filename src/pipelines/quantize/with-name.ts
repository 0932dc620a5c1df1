import {mkdirSync} from 'node:fs'
import {basename, dirname, extname, join} from 'node:path'
import type {QuantizeOptions} from '../../options/quantize.js'
import {isPackedType} from '../../passes/quantize/numbers/weight-type.js'
import {isFolder} from '../transform/output-path.js'

/** Where that library looks for its models: a folder of this name in that of the configuration and the tokenizer. */
const FOLDER = 'onnx'

/** Files of models in parts, which the library knows by these names too: `decoder_model_merged`, `vision_encoder`, `embed_tokens`. */
const PART = /model|encoder|decoder|embed_tokens/

/**
 * Options with the output named as `--naming` wants it; those of another naming, and of an output that is named, as they are. For
 * transformers.js it is `onnx/<name>_<type>.onnx` in the folder of the input, or in the one of `--output`, and `onnx` is made where it
 * is missing. The name is `model`, or the input's own where that says a part of a model or lies in such a folder already.
 */
export function withName(input: string, options: QuantizeOptions): QuantizeOptions {
  const {output, quantize} = options
  if (quantize.naming === 'mopt' || (output.path !== undefined && !isFolder(output.path))) return options
  const folder = onnxFolder(output.path ?? dirname(input))
  makeFolder(folder)
  const stem = basename(input, extname(input))
  const name = PART.test(stem) || basename(dirname(input)) === FOLDER ? stem : 'model'
  return {...options, output: {...output, path: join(folder, `${name}_${typeIn(quantize)}.onnx`)}}
}

function onnxFolder(folder: string): string {
  return basename(folder) === FOLDER ? folder : join(folder, FOLDER)
}

/** What cannot be made is said where the output is checked. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch {}
}

/**
 * The library's word for a type: 8 bits are `quantized`, what it loads as `q8`.
 * @see transformers.js, src/utils/dtypes.js: the table of suffixes.
 */
function typeIn({mode, weights}: QuantizeOptions['quantize']): string {
  if (mode === 'float16') return isPackedType(weights) ? 'q4f16' : 'fp16'
  if (isPackedType(weights)) return 'q4'
  return weights === 'uint8' ? 'uint8' : 'quantized'
}
