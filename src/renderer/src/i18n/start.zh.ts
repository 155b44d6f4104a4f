import type { startEn } from './start.en';

export const startZh: Record<keyof typeof startEn, string> = {
  'doors.title': '欢迎使用 Convscope',
  'doors.sub': '打开卷积网络，一直看到某个像素背后的求和。',
  'doors.look': '看看网络内部',
  'doors.look.note': '已经打开一个训练好的网络和一幅图像：每一层、每张特征图、每个和。',
  'doors.train': '用自己的图像训练',
  'doors.train.note': '只需一个文件夹，每个类别一个子文件夹；一切都留在本机。',
  'doors.learn': '学习它如何工作',
  'doors.learn.note': '六步导览：图像、卷积核、特征图、像素、池化、答案，之后可进入课程。',
  'doors.later': '之后可以在“?”中找到导览。',

  'tour.title': '导览',
  'tour.open': '开始导览',
  'tour.step': '第 {step} 步，共 {of} 步',
  'tour.next': '下一步',
  'tour.back': '上一步',
  'tour.done': '完成',
  'tour.learn': '到“学习”继续',
  'tour.skip': '跳过导览',
  'tour.picture': '图像',
  'tour.picture.text': '一个手写数字，变为 {size} 并写成数：网络看到的只有这些。可以把自己的图像拖到任意位置。',
  'tour.kernel': '卷积核',
  'tour.kernel.text': '{layer} 有 {maps} 个[kernel|卷积核]，每个是一张小小的[weight|权重]表：橙色为正，蓝色为负。',
  'tour.map': '特征图',
  'tour.map.text': '每个卷积核在图像上滑动，写出一张[feature-map|特征图]：图像与卷积核相似之处为橙色，相反之处为蓝色。',
  'tour.pixel': '一个像素',
  'tour.pixel.text':
    '特征图的一个像素：窗口与卷积核逐项相乘、求和，再加[bias|偏置]。按 K 看卷积核移动，或把鼠标移到输出上。',
  'tour.pooling': '池化',
  'tour.pooling.text': '{layer} 只保留每个窗口的最大值：特征图变小，找到的东西还在。',
  'tour.answer': '答案',
  'tour.answer.text':
    '最后每个[class|类别]都有一个[logit|logit]，[softmax|softmax] 把它们变成概率。最可能的类别就是预测：{label}。',

  'hint.first': '单击特征图：选中 · 再次单击：打开该层 · 在层中单击格子：查看它的和',
  'bring.title': '拖入、{choose}或{draw}',
  'bring.choose': '选择',
  'bring.draw': '手绘',
  'bring.label.choose': '选择图像',
  'bring.label.draw': '手绘图像',
};
