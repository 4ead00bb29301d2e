# reuse.gp - one panel, number P: the device's time per call against K calls for one move of the data, beside the fastest
# version on the CPU. device-P.dat: K, time; once-P.dat: K, time, low, high of what was measured; cpu-P.dat: K, time, low,
# high; mark-P.dat: K, time where the two break even.

set logscale xy
set xrange [1:KMAX]
set yrange [YMIN:YMAX]
column = (P - 1) % 2
row = (P - 1) / 2
left = 92 + column * 372
top = 84 + row * PANEL_HEIGHT
set lmargin at screen across(left)
set rmargin at screen across(left + 282)
set tmargin at screen down(top + 30)
set bmargin at screen down(top + PANEL_HEIGHT - 68)
set label 20 PANEL at screen across(left), screen down(top + 14) left font BOLD textcolor rgb INK
set xlabel 'K calls for one move of the data' textcolor rgb INK
unset key
if (P == 1) { set key at screen across(756), screen down(110) left top vertical Left reverse samplen 2 spacing 1.35 textcolor rgb INK }

plot sprintf('cpu-%d.dat', P) using 1:3:4 with filledcurves fillstyle transparent solid 0.25 noborder \
         linecolor rgb CPU_COLOUR notitle, \
     sprintf('cpu-%d.dat', P) using 1:2 with lines linewidth 2 linecolor rgb CPU_COLOUR title 'fastest on the CPU', \
     sprintf('device-%d.dat', P) using 1:2 with lines linewidth 2 linecolor rgb DEVICE_COLOUR title 'the device', \
     for [k=1:HAS_ONCE] sprintf('once-%d.dat', P) using 1:2:3:4 with yerrorbars pointtype 13 pointsize 1 linewidth 1.4 \
         linecolor rgb DEVICE_COLOUR notitle, \
     for [k=1:HAS_MARK] sprintf('mark-%d.dat', P) using 1:2:(0):(YMIN - $2) with vectors nohead dashtype 3 linecolor rgb PALE notitle, \
     for [k=1:HAS_MARK] sprintf('mark-%d.dat', P) using 1:2 with points pointtype 7 pointsize 1.1 linecolor rgb INK notitle, \
     for [k=1:ANY_ONCE] NaN with points pointtype 13 pointsize 1 linecolor rgb DEVICE_COLOUR title 'the device, measured', \
     for [k=1:ANY_MARK] NaN with points pointtype 7 pointsize 1.1 linecolor rgb INK title 'breaks even'
unset label
