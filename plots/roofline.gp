# roofline.gp - rate of computing against operations per byte, both logarithmic. roof-N.dat: the lines of one place;
# best.dat and largest.dat: operations per byte, rate, shape, colour; joins.dat: from the one to the other.

set logscale xy
set xrange [XMIN:XMAX]
set yrange [YMIN:YMAX]
set xlabel 'operations per byte that must move' textcolor rgb INK
set ylabel 'GFLOP/s (higher is better)' textcolor rgb INK
do for [i=1:NNAMES] {
    set label 1000+i NAME[i] at first NAME_X[i], first NAME_Y[i] center offset 0,0.9 front font BOLD textcolor rgb INK
}

plot for [i=1:NROOFS] sprintf('roof-%d.dat', i) using 1:2 with lines \
         linecolor rgb PALE linewidth 1.6 dashtype ROOF_DASH[i] title ROOF[i], \
     'joins.dat' using 1:2:3:4:5 with vectors nohead linewidth 1 linecolor rgb variable notitle, \
     'largest.dat' using 1:2:3:4 with points pointtype variable pointsize 1.3 linewidth 1.4 linecolor rgb variable notitle, \
     'best.dat' using 1:2:3:4 with points pointtype variable pointsize 1.3 linecolor rgb variable notitle, \
     for [i=1:NCURVES] NaN with points pointtype SHAPE[i] pointsize 1.3 linecolor rgb COLOUR[i] title LABEL[i], \
     NaN with points pointtype 7 pointsize 1.1 linecolor rgb PALE title 'filled: best size', \
     NaN with points pointtype 6 pointsize 1.1 linecolor rgb PALE title 'open: largest size'
