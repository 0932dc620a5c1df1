import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {modelArg} from '../src/cli/model-arg.js'
import {optionsOf} from '../src/cli/options-of.js'
import {quantizeSummary} from '../src/cli/writing-summary.js'
import {quantizeOptions} from '../src/options/quantize.js'
import {quantize} from '../src/pipelines/quantize/quantize.js'
import type {QuantizeResult} from '../src/results.js'

export default class Quantize extends BaseCommand {
  static override summary =
    'make the numbers of a model int8: smaller, and faster where the runtime has integer kernels'
  static override description =
    `Without --data, products run on integers where that is faster (dynamic) and other weights are stored
as int8. With --data, about 100 samples turn on static quantization, the fastest form for CNNs.`
  static override usage = 'quantize MODEL [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/bert_spam.onnx -o /tmp/',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx -o /tmp/ --data fixtures/fashion-mnist/train-images-idx3-ubyte.gz --mean 0.286 --std 0.353',
    '<%= config.bin %> <%= command.id %> fixtures/models/mlp_fm.onnx -o /tmp/ --mode weights --max-size 30%',
  ]
  static override args = {model: modelArg}
  static override flags = flagsOf(quantizeOptions)

  async run(): Promise<QuantizeResult> {
    const {args, flags} = await this.parse(Quantize)
    const result = await quantize(args.model, optionsOf(quantizeOptions, flags), this.effects)
    this.log(quantizeSummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
