import {picturesOf, type Report} from './document.js'
import {fileOf} from './figures.js'
import {jsonReport} from './json.js'
import {markdown} from './markdown.js'
import {plot} from './plot.js'
import {rankingPlot} from './ranking-plot.js'

/** A file of a report. */
export interface ReportFile {
  readonly path: string
  readonly text: string
}

/** How a report is written. */
export interface Format {
  readonly ending: `.${string}`
  /** There is nothing in it of a report without pictures. */
  readonly isPicture?: boolean
  /** @param path with the ending. @returns every file it takes, the pictures beside it first. */
  files(report: Report, path: string): ReportFile[]
}

/** Every format of `--report`, for every verb that has it. */
export const FORMATS: readonly Format[] = [
  {
    ending: '.md',
    files(report, path) {
      const beside = pictureFiles(report, path)
      const pictures = picturesOf(report.document)
      const text = markdown(report.document, (picture) => fileOf(beside[pictures.indexOf(picture)]?.path ?? ''))
      return [...beside, {path, text}]
    },
  },
  {ending: '.svg', isPicture: true, files: pictureFiles},
  {ending: '.json', files: ({result}, path) => [{path, text: jsonReport(result)}]},
]

/** The first picture has the name of the report, the next ones `-2`, `-3` behind it. */
function pictureFiles({document}: Report, path: string): ReportFile[] {
  const stem = path.replace(/\.[^.]*$/, '')
  return picturesOf(document).map(({drawing}, index) => ({
    path: `${stem}${index === 0 ? '' : `-${index + 1}`}.svg`,
    text: drawing.kind === 'curves' ? plot(drawing.panels, drawing.xLabel) : rankingPlot(drawing),
  }))
}
