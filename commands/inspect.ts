import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.js'
import {shapeOptions} from '../src/cli/flag-options.js'
import {modelArg, shapeFlags} from '../src/cli/flags.js'
import {inspectSummary} from '../src/cli/inspect-summary.js'
import {inspect} from '../src/pipelines/inspect/inspect.js'
import type {InspectResult} from '../src/results.js'

export default class Inspect extends BaseCommand {
  static override summary = 'what a model is made of: shapes, operators, parameters, MACs'
  static override usage = 'inspect MODEL [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx',
    '<%= config.bin %> <%= command.id %> fixtures/models/bert_spam.onnx --layers --dim seq=64',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx --json',
  ]
  static override args = {model: modelArg}
  static override flags = {
    layers: Flags.boolean({summary: 'one line per layer: shape, parameters, MACs, zeros', default: false}),
    full: Flags.boolean({summary: 'digest, compressed size and zeros also above 256 MB', default: false}),
    ...shapeFlags,
  }

  async run(): Promise<InspectResult> {
    const {args, flags} = await this.parse(Inspect)
    const {inputShapes, dims} = shapeOptions(flags)
    const result = await inspect(args.model, {
      layers: flags.layers,
      full: flags.full,
      inputShapes,
      dims,
      signal: this.signal,
    })
    this.log(inspectSummary(result))
    return this.finish(result)
  }
}
