# model.gp - predicted against measured time per call, both logarithmic. marks-N.dat: measured, predicted, low, high of
# what was measured; edges.dat: the two ends of the axes.

set logscale xy
set xrange [LOW:HIGH]
set yrange [LOW:HIGH]
set xlabel 'measured time per call' textcolor rgb INK
set ylabel 'predicted' textcolor rgb INK
set style fill transparent solid 0.35 noborder

plot 'edges.dat' using 1:($1 * (1 - BAND)):($1 * (1 + BAND)) with filledcurves linecolor rgb '#E6E6E6' title BAND_NAME, \
     'edges.dat' using 1:1 with lines linewidth 1.5 linecolor rgb PALE title 'as predicted', \
     for [i=1:NCURVES] sprintf('marks-%d.dat', i) using 1:2:3:4 with xerrorbars \
         pointtype SHAPE[i] pointsize 0.9 linewidth 1 linecolor rgb COLOUR[i] title LABEL[i]
