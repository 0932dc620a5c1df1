import {Flags as OclifFlags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {modelArg} from '../src/cli/model-arg.js'
import {withPlan} from '../src/cli/optional-value.js'
import {optionsOf} from '../src/cli/options-of.js'
import {planSummary} from '../src/cli/plan-summary.js'
import {sensitivitySummary} from '../src/cli/sensitivity-summary.js'
import {quantizeSummary} from '../src/cli/writing-summary.js'
import {UsageError} from '../src/errors.js'
import {quantizeOptions} from '../src/options/quantize.js'
import {planQuantization, rankLayers} from '../src/pipelines/quantize/plan-quantization.js'
import {quantize} from '../src/pipelines/quantize/quantize.js'
import type {QuantizePlanResult, QuantizeResult, QuantizeSensitivityResult} from '../src/results.js'

interface Flags extends Readonly<Record<string, unknown>> {
  readonly plan?: string | undefined
}

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
    ...flagsOf(quantizeOptions),
    plan: OclifFlags.string({
      summary: 'print what becomes of each node and why, or write it to a file to edit, and stop',
      helpValue: '[FILE.yaml]',
    }),
    sensitivity: OclifFlags.boolean({
      summary: 'rank the layers by what quantizing each alone does to the answers, and stop',
    }),
  }

  async run(): Promise<QuantizeResult | QuantizePlanResult | QuantizeSensitivityResult> {
    const argv = withPlan(this.argv)
    const {args, flags, metadata} = await this.parse(Quantize, argv)
    if (metadata.flags.weights?.setFromDefault !== true) requireTyped(flags)
    if (flags.plan !== undefined) return this.plan(args.model, flags)
    if (flags.sensitivity === true) return this.sensitivity(args.model, flags)
    const result = await quantize(args.model, optionsOf(quantizeOptions, flags), this.effects)
    this.log(quantizeSummary(result, flags.verbose === true))
    return this.finish(result)
  }

  private async sensitivity(model: string, flags: Flags): Promise<QuantizeSensitivityResult> {
    const result = await rankLayers(model, optionsOf(quantizeOptions, flags), this.effects)
    this.log(sensitivitySummary(result))
    return this.finish(result)
  }

  private async plan(model: string, {plan, ...flags}: Flags): Promise<QuantizePlanResult> {
    const target = plan === '' ? undefined : plan
    const result = await planQuantization(model, optionsOf(quantizeOptions, flags), this.effects, target)
    this.log(planSummary(result, flags.verbose === true))
    return this.finish(result)
  }
}

/** @throws UsageError for a type that is the default, and would be taken for that. */
function requireTyped({mode, weights, format}: Flags): void {
  if (mode !== 'float16' || weights !== 'int8' || format === 'ort') return
  throw new UsageError('--weights int8: expected --format ort with it, got --mode float16 alone', {
    hint: '--weights int4, uint4 and uint8 go with --mode float16 as they are',
  })
}
