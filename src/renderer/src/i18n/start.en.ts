/** The first start: three doors, the tour, the hint under the maps. */
export const startEn = {
  'doors.title': 'Welcome to Convscope',
  'doors.sub': 'It opens convolutional networks up, down to the sum behind one pixel.',
  'doors.look': 'Look inside a network',
  'doors.look.note': 'A trained network and a picture are open already: every layer, every map, every sum.',
  'doors.train': 'Train on your pictures',
  'doors.train.note': 'A folder with one folder of pictures per class is enough; nothing leaves this computer.',
  'doors.learn': 'Learn how it works',
  'doors.learn.note': 'A tour in six steps: picture, kernel, map, pixel, pooling, answer. From there to the course.',
  'doors.later': 'You find the tour again under “?”.',

  'tour.title': 'Tour',
  'tour.open': 'Take the tour',
  'tour.step': '{step} of {of}',
  'tour.next': 'Next',
  'tour.back': 'Back',
  'tour.done': 'Done',
  'tour.learn': 'Go on in Learn',
  'tour.skip': 'Skip the tour',
  'tour.picture': 'The picture',
  'tour.picture.text':
    'A handwritten digit, brought to {size} and made numbers: this is all that the network sees. Drop a picture of your own anywhere.',
  'tour.kernel': 'A kernel',
  'tour.kernel.text':
    '{layer} has {maps} [kernel|kernels]. Each is a small table of [weight|weights]: orange adds, blue subtracts.',
  'tour.map': 'A feature map',
  'tour.map.text':
    'Each kernel slides over the picture and writes a [feature-map|feature map]: orange where the picture looks like the kernel, blue where it is the opposite.',
  'tour.pixel': 'One pixel',
  'tour.pixel.text':
    'One pixel of that map: window times kernel, summed, plus [bias|bias]. Press K to see the kernel move, or point at the output.',
  'tour.pooling': 'Pooling',
  'tour.pooling.text':
    '{layer} keeps the largest value of each window: the maps get smaller, and what was found stays.',
  'tour.answer': 'The answer',
  'tour.answer.text':
    'At the end each [class|class] has a [logit|logit]; [softmax|softmax] makes probabilities of them. The likeliest class is predicted: {label}.',

  'hint.first': 'Click a map: selected · click again: its layer · there, click a cell: its sum',
  'bring.title': 'Drop, {choose}, {draw}',
  'bring.choose': 'choose',
  'bring.draw': 'draw',
  'bring.label.choose': 'Choose a picture',
  'bring.label.draw': 'Draw a picture',
} as const;
