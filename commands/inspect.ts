import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {inspectSummary} from '../src/cli/inspect-summary.js'
import {modelArg} from '../src/cli/model-arg.js'
import {optionsOf} from '../src/cli/options-of.js'
import {inspectOptions} from '../src/options/inspect.js'
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
  static override flags = flagsOf(inspectOptions)

  async run(): Promise<InspectResult> {
    const {args, flags} = await this.parse(Inspect)
    const result = await inspect(args.model, optionsOf(inspectOptions, flags), this.effects)
    this.log(inspectSummary(result))
    return this.finish(result)
  }
}
