#!/bin/sh
# Paints the demo's pictures and film anew, into this folder. Needs Node 24 and ffmpeg (with libvpx); the results
# are kept in the repository, so that nothing else does.
set -eu
cd "$(dirname -- "$0")"

width=1600
height=1067
for name in agate aurora canyon dawn-ridges dunes fields glacier-ice mountain-lake nebula open-sea; do
  [ "$#" -eq 0 ] || [ "$1" = "$name" ] || continue
  case $name in
    agate | canyon) quality=5 ;;
    mountain-lake | open-sea | glacier-ice) quality=4 ;;
    fields | nebula) quality=3 ;;
    *) quality=2 ;;
  esac
  node paint/main.ts "$name" $width $height |
    ffmpeg -v error -y -f rawvideo -pixel_format rgb24 -video_size ${width}x$height -i - \
      -pix_fmt yuvj420p -qscale:v $quality "$name.jpg"
  echo "$name.jpg: $(wc -c <"$name.jpg") bytes"
done

if [ "$#" -eq 0 ] || [ "$1" = sunrise ]; then
  node paint/main.ts sunrise 1280 720 288 |
    ffmpeg -v error -y -f rawvideo -pixel_format rgb24 -video_size 1280x720 -framerate 24 -i - \
      -c:v libvpx-vp9 -pix_fmt yuv420p -b:v 1300k -row-mt 1 -deadline good -cpu-used 3 -g 48 sunrise.webm
  echo "sunrise.webm: $(wc -c <sunrise.webm) bytes"
fi
