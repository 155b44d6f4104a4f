import type { compareEn } from './compare.en';

/** 比较界面的简体中文，以及与训练界面共用的混淆矩阵和评估图片。 */
export const compareZh: Record<keyof typeof compareEn, string> = {
  'confusion.corner': '真实 ↓ 预测 →',
  'confusion.pictures': '图片数',
  'confusion.right': '正确率',
  'confusion.rightMore': '正确率差',
  'confusion.said': '预测总数',
  'confusion.precision': '其中正确 %',
  'confusion.cell': '真实为 {truth}，预测为 {predicted}：{count} 张',
  'confusion.cellMore': '真实为 {truth}，预测为 {predicted}：{count} 张',
  'confusion.ofRow': '占 {total} 张的 {share}',
  'confusion.points': '{value} 个百分点',
  'confusion.pairs': '最常混淆的类别',
  'confusion.takenFor': '被认作',

  'pictures.none': '没有这样的图片',
  'pictures.range': '第 {from} – {to} 张，共 {total} 张',
  'pictures.kept': '共 {total} 张，保留了 {kept} 张供查看',
  'pictures.previous': '前一页图片',
  'pictures.next': '后一页图片',
  'pictures.true': '真实',
  'pictures.right': '正确',
  'pictures.wrong': '错误',
  'pictures.open': '用 {network} 在“查看”中打开',
  'pictures.said': '{network} 预测为 {label}，{value}，{verdict}',
  'pictures.picture': '第 {number} 张图片，真实类别 {label}',
  'pictures.failed': '图片未能取得：{reason}',

  'evaluation.evaluating': '正在评估',
  'evaluation.again': '引擎已不再保留此结果，正在重新评估',
  'evaluation.progress': '第 {done} / {total} 张图片',
  'evaluation.left': '还需 {time}',
  'evaluation.cancel': '取消',
  'evaluation.cancelled': '已取消',
  'evaluation.start': '评估',
  'evaluation.restart': '重新评估',
  'evaluation.outdated': '这些数字得出之后，有训练记录又继续训练过',

  'compare.runs': '训练记录',
};
