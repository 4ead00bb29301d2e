# speedup.gp - how many times as fast as scalar, both axes logarithmic. Below the line at 1 it is slower.

set logscale xy
set xrange [XMIN:XMAX]
set yrange [YMIN:YMAX]
set xlabel 'problem size n' textcolor rgb INK
set ylabel 'times as fast as scalar (higher is better)' textcolor rgb INK

plot for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2:3:4 with yerrorbars \
         linecolor rgb COLOUR[i] linewidth 1.2 dashtype 1 pointtype 0 notitle, \
     for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2 with linespoints \
         linecolor rgb COLOUR[i] linewidth 2 dashtype DASH[i] pointtype SHAPE[i] pointsize 0.9 title LABEL[i], \
     1 with lines linecolor rgb INK linewidth 1.5 title 'scalar = 1'
