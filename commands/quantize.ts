import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.js'
import {budgetOptions, dataOptions, judgeOptions, outputOptions, runOptions} from '../src/cli/flag-options.js'
import {integer, number, override, pattern} from '../src/cli/flag-types.js'
import {budgetFlags, dataFlags, judgeFlags, metricFlags, modelArg, outputFlags, runFlags} from '../src/cli/flags.js'
import {quantizeSummary} from '../src/cli/writing-summary.js'
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
  static override flags = {
    mode: Flags.option({
      options: ['auto', 'dynamic', 'static', 'weights', 'float16'] as const,
      default: 'auto' as const,
      summary: 'auto chooses per operator; static needs --data; weights stores integers and computes in float',
    })(),
    weights: Flags.option({
      options: ['int8', 'uint8', 'int4', 'uint4'] as const,
      default: 'int8' as const,
      summary: 'type of the weights; 4 bits imply --mode weights',
    })(),
    activations: Flags.option({
      options: ['uint8', 'int8'] as const,
      default: 'uint8' as const,
      summary: 'type of static activations; int8 is for GPUs, slower on CPUs',
    })(),
    format: Flags.option({
      options: ['qdq', 'qoperator', 'ort'] as const,
      default: 'qdq' as const,
      summary: "how integers are written; ort: the runtime's MatMulNBits, in blocks",
    })(),
    'block-size': integer({min: 8, max: 65536, default: 32, summary: 'weights that share a scale, in 4-bit types'}),
    'per-channel': Flags.boolean({summary: 'one scale per output channel', allowNo: true, default: true}),
    calibration: Flags.option({
      options: ['minmax', 'percentile', 'entropy', 'mse'] as const,
      default: 'minmax' as const,
      summary: 'how activation ranges are taken from --data',
    })(),
    percentile: number({min: 50, max: 100, default: 99.99, summary: 'share of values inside the range, in percent'}),
    exclude: pattern({multiple: true, summary: 'leave nodes alone whose name or output matches (repeatable)'}),
    'exclude-op': Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'leave operators of a type alone (repeatable)',
      helpValue: 'TYPE',
    }),
    override: override({multiple: true, summary: 'type for the nodes that match (repeatable)'}),
    'keep-io': Flags.boolean({summary: 'float16: inputs and outputs stay float32', allowNo: true, default: false}),
    cpu: Flags.option({
      options: ['host', 'avx2', 'vnni', 'arm64', 'any'] as const,
      default: 'host' as const,
      summary: 'processor to quantize for: without a dot-product instruction weights keep half their range',
    })(),
    tune: Flags.boolean({
      summary: "time the alternatives that rules can't settle, keep the fastest (up to some minutes)",
      default: false,
    }),
    ...outputFlags,
    ...dataFlags,
    ...judgeFlags,
    ...metricFlags,
    ...runFlags,
    ...budgetFlags,
  }

  async run(): Promise<QuantizeResult> {
    const {args, flags} = await this.parse(Quantize)
    const options = {
      mode: flags.mode,
      perChannel: flags['per-channel'],
      calibration: flags.calibration,
      percentile: flags.percentile,
      weights: flags.weights,
      activations: flags.activations,
      format: flags.format,
      blockSize: flags['block-size'],
      exclude: flags.exclude ?? [],
      excludeOps: flags['exclude-op'] ?? [],
      overrides: flags.override ?? [],
      keepIo: flags['keep-io'],
      cpu: flags.cpu,
      tune: flags.tune,
      ...outputOptions(flags),
      ...dataOptions(flags),
      ...judgeOptions(flags),
      ...runOptions(flags),
      ...budgetOptions(flags),
    }
    const result = await quantize(args.model, options, {progress: this.progress, signal: this.signal})
    this.log(quantizeSummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
