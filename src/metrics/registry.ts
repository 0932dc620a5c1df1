import {agreement} from './agreement.js'
import {auc} from './auc.js'
import {crossEntropy} from './cross-entropy.js'
import {f1} from './f1.js'
import {mae} from './mae.js'
import type {Metric} from './metric.js'
import {perplexity} from './perplexity.js'
import {precision} from './precision.js'
import {recall} from './recall.js'
import {rmse} from './rmse.js'
import {top1} from './top1.js'
import {top5} from './top5.js'

/** Every metric by the name users give. */
export const METRICS: Readonly<Record<string, Metric>> = Object.fromEntries(
  [top1, top5, f1, precision, recall, auc, rmse, mae, crossEntropy, perplexity, agreement].map((metric) => [
    metric.name,
    metric,
  ]),
)
